/** Runs of `cosnet pick`. */
import { pick } from "../../../../jobs/pick/index.js";
import { DEFAULT_SEED } from "../../../../progress.js";
import type { PickRequest } from "../../../protocol/index.js";
import { writeExampleLists } from "../example-lists.js";
import type { PickJob } from "./jobs.js";
import type { Outcome, Plan, PlanContext, WorkContext } from "./kind.js";
import { pickCommand } from "./pick-command.js";
import { checkProject, pickOptionsOf } from "./pick-options.js";

export async function planPick(request: PickRequest, context: PlanContext): Promise<Plan<PickJob>> {
  const { folder, project, networks, describe } = context;
  checkProject(project);
  const tomograms = await describe();
  const lists = await writeExampleLists(folder, project, tomograms);
  const { kind, ...chosen } = request;
  const options = { seed: DEFAULT_SEED, ...pickOptionsOf(tomograms, lists, chosen, project) };
  return {
    job: { kind, options },
    command: pickCommand({ ...networks, ...options }),
    classes: project.classes.map(({ id, name }) => ({ id, name })),
    tomograms,
  };
}

/** The report is drawn when somebody asks for it: it takes most of the time of a search whose work is known. */
export async function pickByPlan(
  { options }: PickJob,
  { folder, networks, shared, tomograms, ...telling }: WorkContext,
): Promise<Outcome> {
  const searched = await pick({
    ...{ ...networks, ...shared, ...options, ...telling },
    ...{ outputFolder: folder, embeddings: true, report: false, overwrite: true },
  });
  const { picks, candidates, warnings } = searched;
  const sizes = new Map(searched.tomograms.map(({ path, voxelSizeAngstrom }) => [path, voxelSizeAngstrom]));
  return {
    counts: { picks, candidates },
    warnings,
    tomograms: tomograms.map((tomogram) => ({
      ...tomogram,
      takenVoxelSizeAngstrom: sizes.get(tomogram.path) ?? tomogram.takenVoxelSizeAngstrom,
    })),
  };
}
