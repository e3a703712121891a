/** Runs of `cosnet average` on the picks of a search. */
import { join } from "node:path";
import { ConfigError } from "../../../../errors.js";
import { readFileBytes, writeFileAtomic } from "../../../../files/disk/index.js";
import { average as averageParticles } from "../../../../jobs/average/index.js";
import { type AverageRequest, FEWEST_TO_AVERAGE, type Project } from "../../../protocol/index.js";
import { type DecidedList, relionList } from "../decided-list.js";
import { writeExampleLists } from "../example-lists.js";
import { commandText, listed, valued } from "./command-text.js";
import { type AverageJob, averageFolder, type RunClass } from "./jobs.js";
import type { Outcome, Plan, PlanContext, WorkContext } from "./kind.js";

export async function planAverage(request: AverageRequest, context: PlanContext): Promise<Plan<AverageJob>> {
  const { folder, project } = context;
  const { run, list: decided } = await context.decided(request.ofRunId);
  const classes = classesToAverage(request, project, decided);
  const particlesPath = join(folder, "picks.star");
  await writeFileAtomic(particlesPath, await relionList(run, decided));
  // RELION's list counts from the centres of the tomograms, whose sizes and files the other says.
  await writeFileAtomic(join(folder, "tomograms.star"), await readFileBytes(join(run.folder, "tomograms.star")));
  const { examples } = await writeExampleLists(folder, knownOf(project, classes), run.tomograms);
  const options: AverageJob["options"] = {
    ...{ particlesPath, classNames: classes.map(({ name }) => name), examples },
    ...(request.symmetry !== undefined && { symmetry: request.symmetry }),
    ...(examples.length === 0 && { examples: undefined }),
  };
  return { job: { kind: "average", options }, command: commandOf(options), classes, tomograms: run.tomograms };
}

/** Those that were asked for; else all that have particles enough, and if none has, all: the result says why not. */
function classesToAverage({ classIds }: AverageRequest, project: Project, { list }: DecidedList): RunClass[] {
  const counted = project.classes.map(({ id, name }) => ({
    ...{ id, name },
    picks: list.particles.filter(({ className }) => className === name).length,
  }));
  const asked = counted.filter(({ id, picks }) => picks > 0 && (classIds?.includes(id) ?? true));
  if (asked.length === 0)
    throw new ConfigError("there is no pick to average", { hint: "Lower a threshold, or accept picks." });
  const enough = asked.filter(({ picks }) => picks >= FEWEST_TO_AVERAGE);
  const chosen = classIds === undefined && enough.length > 0 ? enough : asked;
  return chosen.map(({ id, name }) => ({ id, name }));
}

/** The project with the examples of some classes alone. */
function knownOf(project: Project, classes: readonly RunClass[]): Project {
  const isKnown = ({ classId }: { readonly classId: string | null }) => classes.some(({ id }) => id === classId);
  return { ...project, examples: project.examples.filter(isKnown), verdicts: project.verdicts.filter(isKnown) };
}

function commandOf({ particlesPath, classNames = [], examples, symmetry }: AverageJob["options"]): string {
  return commandText([
    ...["average", "--particles", particlesPath, "--classes", classNames.join(",")],
    ...listed("--examples", examples),
    ...valued("--symmetry", symmetry),
  ]);
}

export async function average(
  { options }: AverageJob,
  { folder, command, networks: { threads }, onProgress, onWarning, signal }: WorkContext,
): Promise<Outcome> {
  const { classes, warnings } = await averageParticles({
    ...{ ...options, outputFolder: averageFolder(folder), overwrite: true },
    ...{ threads, command, onProgress, onWarning, signal },
  });
  return { counts: { picks: classes.reduce((sum, { used }) => sum + used, 0) }, warnings };
}
