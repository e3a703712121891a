/** The picks of a run after a person's thresholds and verdicts, as a list. */
import { join } from "node:path";
import { readFileBytes } from "../../../files/disk/index.js";
import { type Particle, type ParticleList, writeParticles } from "../../../io/index.js";
import { candidatesOf, decidePicks, type Project, verdictsOf } from "../../protocol/index.js";
import type { RunTomogram } from "./example-lists.js";
import { type ReadResults, sizeAngstrom } from "./results.js";
import type { DoneRun } from "./run-file.js";

export interface DecidedList {
  readonly list: ParticleList;
  /** Nothing differs from the run's own picks. */
  readonly isUnchanged: boolean;
}

export function decidedList({ list, rows, results }: ReadResults, project: Project): DecidedList {
  const candidates = candidatesOf(results);
  const decided = decidePicks(candidates, verdictsOf(candidates, project.verdicts), project);
  const names = new Map(project.classes.map(({ id, name }) => [id, name]));
  const numbers = new Map(list.particles.map(({ className, classNumber }) => [className, classNumber]));
  const numberOf = (className: string): number => {
    const known =
      numbers.get(className) ?? 1 + [...numbers.values()].reduce<number>((most, n) => Math.max(most, n ?? 0), 0);
    numbers.set(className, known);
    return known;
  };
  let isUnchanged = true;
  const picks = new Map<number, Particle>(); // by row
  for (const [i, { classId, isPick, isJudged, rejection }] of decided.entries()) {
    const particle = list.particles[rows[i]!]!;
    const className = classId === undefined ? undefined : names.get(classId);
    if (isPick !== (rejection === "pick") || (isPick && className !== particle.className)) isUnchanged = false;
    if (!isPick || className === undefined) continue;
    const extra =
      isJudged && className !== particle.className ? { ...particle.extra, cosnetJudged: "1" } : particle.extra;
    picks.set(rows[i]!, { ...particle, className, classNumber: numberOf(className), extra });
  }
  const particles = [...picks.keys()].sort((a, b) => a - b).map((row) => picks.get(row)!);
  return { list: { ...list, particles }, isUnchanged };
}

/** Those of one tomogram. */
export function inTomogram({ list, isUnchanged }: DecidedList, { name }: RunTomogram): DecidedList {
  const particles = list.particles.filter(({ tomogramName }) => tomogramName === name);
  return { list: { ...list, particles }, isUnchanged: isUnchanged && particles.length === list.particles.length };
}

/** For RELION 5, as `pick` wrote it; with other picks the same list of those. @throws FileError */
export async function relionList(run: DoneRun, { list, isUnchanged }: DecidedList): Promise<Uint8Array> {
  if (isUnchanged) return readFileBytes(join(run.folder, "picks.star"));
  const sizes = new Map(run.tomograms.map((tomogram) => [tomogram.name, sizeAngstrom(tomogram)]));
  const text = writeParticles(list, {
    ...{ format: "relion5", tomogramSizesAngstrom: sizes },
    comments: [`Picks of ${run.record.id} as decided in the workbench of cosnet`],
  });
  return new TextEncoder().encode(text);
}
