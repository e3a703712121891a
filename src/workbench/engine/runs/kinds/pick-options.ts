/** From a project to a run of `cosnet pick`: which tomograms, as a person has described them. */
import { ConfigError } from "../../../../errors.js";
import type { PickRequest, Project } from "../../../protocol/index.js";
import type { ExampleLists, RunTomogram } from "../example-lists.js";
import { knownParticles } from "../known-particles.js";
import type { RunPickOptions } from "./pick-command.js";

/** @throws ConfigError when there is nothing to look for, or a description cannot be passed on. */
export function checkProject(project: Project): void {
  if (project.tomograms.length === 0) throw new ConfigError("no tomogram is open", { hint: "Open one." });
  if (knownParticles(project).every(({ className }) => className === undefined))
    throw new ConfigError("there is no example to search by", {
      hint: "Add a class and click one particle of it.",
    });
}

/** @throws ConfigError when tomograms without examples are described otherwise than the others. */
export function pickOptionsOf(
  tomograms: readonly RunTomogram[],
  { examples, negatives }: ExampleLists,
  options: Omit<PickRequest, "kind" | "listed">,
  project: Project,
): RunPickOptions {
  const described = new Set(knownParticles(project).map(({ tomogramId }) => tomogramId));
  const voxelSizeAngstrom = ofAll(tomograms, described, "voxel size", (tomogram) => tomogram.voxelSizeAngstrom);
  const contrast = ofAll(tomograms, described, "contrast", (tomogram) => tomogram.contrast);
  return {
    tomogramPaths: tomograms.map(({ path }) => path),
    ...{ examples, negatives, voxelSizeAngstrom },
    inverted: contrast === undefined ? undefined : contrast === "dark",
    ...options,
  };
}

/** What is said of every tomogram alike. What is said of some is in the lists of their examples, if they have any. */
function ofAll<Value>(
  tomograms: readonly RunTomogram[],
  withExamples: ReadonlySet<string>,
  what: string,
  said: (tomogram: RunTomogram) => Value | undefined,
): Value | undefined {
  const values = new Set(tomograms.map(said));
  const [first] = values;
  if (values.size === 1) return first;
  const lost = tomograms.find((tomogram) => said(tomogram) !== undefined && !withExamples.has(tomogram.id));
  if (lost)
    throw new ConfigError(
      `the ${what} that you say of ${lost.name} is not that of the others, and it holds no examples`,
      {
        hint: "Click an example in it, or keep it in a project of its own.",
      },
    );
  return undefined;
}
