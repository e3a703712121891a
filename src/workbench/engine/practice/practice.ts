import { join } from "node:path";
import { ConfigError } from "../../../errors.js";
import type { Progress } from "../../../progress.js";
import type { Practice, Project, RunResults, Step, TruthComparison } from "../../protocol/index.js";
import { compareWithTruth } from "./compare.js";
import { makePracticeTomogram, readTruth } from "./practice-tomogram.js";
import { suggestions } from "./suggestions.js";

export interface PracticeOptions {
  readonly projectFolder: string;
  readonly project: () => Project;
  readonly take: (step: Step) => Promise<unknown>;
  readonly onProgress: NonNullable<Progress["onProgress"]>;
}

/** The practice tomogram of a project, which lies in its folder. */
export function createPractice({ projectFolder, project, take, onProgress }: PracticeOptions) {
  const folder = join(projectFolder, "practice");
  const tomogramIn = ({ tomograms }: Project) => tomograms.find(({ path }) => path.startsWith(folder));
  let making: Promise<Practice> | undefined;

  const make = async (): Promise<Practice> => {
    const { path, truth } = await makePracticeTomogram(folder, { onProgress });
    if (!tomogramIn(project())) await take({ type: "add-tomogram", path });
    const tomogram = tomogramIn(project());
    if (!tomogram) throw new ConfigError("the practice tomogram was removed meanwhile");
    return { tomogramId: tomogram.id, suggestions: suggestions(truth) };
  };
  return {
    /** One at a time: who asks meanwhile gets the same. @throws FileError */
    start(): Promise<Practice> {
      making ??= make().finally(() => {
        making = undefined;
      });
      return making;
    },
    /** @throws ConfigError without a practice tomogram; FileError. */
    async compare(results: RunResults): Promise<TruthComparison> {
      const tomogram = tomogramIn(project());
      if (!tomogram)
        throw new ConfigError("only of the practice tomogram is the truth known", { hint: "Open it first." });
      return compareWithTruth(results, project(), tomogram.id, await readTruth(folder));
    },
  };
}
