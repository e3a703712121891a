/** Runs of `cosnet pick`. */
import { join } from "node:path";
import { ConfigError } from "../../../../errors.js";
import { writeFileAtomic } from "../../../../files/disk/index.js";
import { pick } from "../../../../jobs/pick/index.js";
import { DEFAULT_SEED } from "../../../../progress.js";
import type { ListedParticles, PickRequest } from "../../../protocol/index.js";
import { particlesInTomogram } from "../../particles-in-tomogram.js";
import { listIn, type RunTomogram, writeExampleLists } from "../example-lists.js";
import type { PickJob } from "./jobs.js";
import type { Outcome, Plan, PlanContext, WorkContext } from "./kind.js";
import { pickCommand } from "./pick-command.js";
import { checkProject, pickOptionsOf } from "./pick-options.js";

export async function planPick(request: PickRequest, context: PlanContext): Promise<Plan<PickJob>> {
  const { folder, project, networks, describe } = context;
  checkProject(project);
  const tomograms = await describe();
  const lists = await writeExampleLists(folder, project, tomograms);
  const { kind, listed, ...chosen } = request;
  const searching = { seed: DEFAULT_SEED, ...pickOptionsOf(tomograms, lists, chosen, project) };
  const named = listed && (await writeListed(folder, listed, tomograms));
  const options = named ? { ...searching, tomogramPaths: [named.tomogram.path], particles: [named.path] } : searching;
  return {
    job: { kind, options },
    command: pickCommand({ ...networks, ...options }),
    classes: project.classes.map(({ id, name }) => ({ id, name })),
    tomograms: named ? [named.tomogram] : tomograms,
  };
}

/** Writes the list as the run understands it, so that the run can go on whatever becomes of the file. @throws ConfigError, FileError, FormatError. */
async function writeListed(folder: string, listed: ListedParticles, tomograms: readonly RunTomogram[]) {
  const tomogram = tomograms.find(({ id }) => id === listed.tomogramId);
  if (!tomogram) throw new ConfigError(`there is no ${listed.tomogramId} in this project`);
  const placed = await particlesInTomogram(listed.path, tomogram);
  const rows = placed.map(({ particle: { orientation }, position }) => ({ position, orientation }));
  const path = join(folder, "particles.star");
  await writeFileAtomic(path, listIn(tomogram, rows, `The particles of ${listed.path}`));
  return { tomogram, path };
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
