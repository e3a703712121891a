/** What the other examples say of each. */
import { temporaryFolder } from "../../../files/disk/index.js";
import { type JudgedExample, judgeExamples, type PickOptions } from "../../../jobs/pick/index.js";
import type { ClickedExample, ExampleJudgement, Project } from "../../protocol/index.js";
import { type RunTomogram, writeExampleLists } from "./example-lists.js";
import { pickOptionsOf } from "./kinds/pick-options.js";

/** A particle whose centre is nearer to a face is not whole. */
const NEAR_FACE_ANGSTROM = 60;

interface Judging {
  readonly tomograms: readonly RunTomogram[];
  /** Networks, and where the work is. */
  readonly working: Partial<PickOptions>;
}

type Judge = (project: Project, judging: Judging) => Promise<readonly ExampleJudgement[]>;

/** The last answer is kept: judging takes seconds, and the page may ask more than once. */
export function createJudge(): Judge {
  let last: { readonly key: string; readonly answer: ReturnType<Judge> } | undefined;
  return (project, judging) => {
    const { examples } = project;
    const classes = project.classes.filter(({ id }) => examples.some(({ classId }) => classId === id));
    const key = JSON.stringify([examples, classes, judging.tomograms]);
    if (last?.key === key) return last.answer;
    const answer = judge(project, judging);
    const asked = { key, answer };
    last = asked;
    answer.catch(() => {
      if (last === asked) last = undefined;
    });
    return answer;
  };
}

/** Examples of classes and negatives; nothing is said as long as there is no example of a class. @throws as `pick` reads examples. */
async function judge(given: Project, { tomograms, working }: Judging): Promise<readonly ExampleJudgement[]> {
  const project = { ...given, verdicts: [] };
  if (project.examples.every(({ classId }) => classId === null)) return [];
  await using lists = await temporaryFolder();
  const written = await writeExampleLists(lists.path, project, tomograms);
  const judged = await judgeExamples({
    ...working,
    ...pickOptionsOf(tomograms, written, {}, project),
    outputFolder: lists.path,
  });
  const ofTomograms = tomograms.flatMap(({ id }) => project.examples.filter(({ tomogramId }) => tomogramId === id));
  const inOrder = [
    ...ofTomograms.filter(({ classId }) => classId !== null),
    ...ofTomograms.filter(({ classId }) => classId === null),
  ];
  return inOrder.map((example, i) => judgement(example, judged[i]!, project, tomograms));
}

function judgement(
  example: ClickedExample,
  judged: JudgedExample,
  { classes }: Project,
  tomograms: readonly RunTomogram[],
): ExampleJudgement {
  const { judgedClassName, similarity } = judged;
  const judgedClassId = classes.find(({ name }) => name === judgedClassName)?.id;
  const warning = warningOf(judged, isAtFace(example, tomograms));
  return {
    exampleId: example.id,
    ...(judgedClassId !== undefined && { judgedClassId }),
    ...(similarity !== undefined && { similarity }),
    ...(warning !== undefined && { warning }),
  };
}

function warningOf(
  { isEmpty, isUnlike, nearerClassName, className }: JudgedExample,
  atFace: boolean,
): string | undefined {
  if (isEmpty) return "Nothing stands out here from what fills the tomogram: check the position.";
  if (nearerClassName !== undefined)
    return `It is more like the examples of ${nearerClassName} than the others of ${className}: check its class.`;
  if (isUnlike) return `It is unlike the other examples of ${className}: check its class and position.`;
  return atFace ? "It lies at the border of the tomogram: a part of it may be missing." : undefined;
}

function isAtFace({ tomogramId, position: { x, y, z } }: ClickedExample, tomograms: readonly RunTomogram[]): boolean {
  const tomogram = tomograms.find(({ id }) => id === tomogramId);
  if (!tomogram) return false;
  const [nz, ny, nx] = tomogram.shape;
  const voxels = Math.min(x, y, z, nx - 1 - x, ny - 1 - y, nz - 1 - z);
  return voxels * tomogram.takenVoxelSizeAngstrom < NEAR_FACE_ANGSTROM;
}
