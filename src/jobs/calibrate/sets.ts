import { classSimilarities, type Embedded, rowsOf, type ScaleStatistics, scaleStatistics } from "../../infer/index.js";
import type { ModelDescription } from "../../model/index.js";
import type { Random } from "../../volume/index.js";

/** Particles of known classes that are classified together, from a few examples of each class. */
export interface CalibrationSet {
  readonly way: number;
  readonly shot: number;
  /** `[particles, way]`, to the classes. */
  readonly similarities: Float32Array;
  /** Class of each particle. */
  readonly labels: readonly number[];
  readonly statistics: ScaleStatistics;
}

/** Particles with their classes: of class c the rows from `c * perClass` on. */
export interface EmbeddedClasses {
  readonly embedded: Embedded;
  readonly classCount: number;
  readonly perClass: number;
}

const WAYS = [2, 4, 6, 12];
const SHOTS = [1, 3, 5];
/** Particles of a set at most. */
const MOST_PARTICLES = 150;

/** Sets of each number of ways and shots that the particles allow: `count` of each. */
export function drawSets(
  particles: EmbeddedClasses,
  description: ModelDescription,
  { count, random }: { readonly count: number; readonly random: Random },
): CalibrationSet[] {
  const tasks = WAYS.filter((way) => way <= particles.classCount).flatMap((way) =>
    SHOTS.filter((shot) => shot < particles.perClass).map((shot) => ({ way, shot })),
  );
  return tasks.flatMap((task) => {
    const own = random.fork("sets", task.way, task.shot);
    return Array.from({ length: count }, () => drawSet(particles, description, task, own)).flatMap((set) => set ?? []);
  });
}

function drawSet(
  { embedded, classCount, perClass }: EmbeddedClasses,
  description: ModelDescription,
  { way, shot }: { readonly way: number; readonly shot: number },
  random: Random,
): CalibrationSet | undefined {
  const classes = random
    .sample(classCount, way)
    .map((own) => random.sample(perClass, perClass).map((i) => own * perClass + i));
  const taken = (from: number, to: number) =>
    classes.flatMap((rows, label) => rows.slice(from, to).map((row) => ({ row, label })));
  const others = taken(shot, perClass);
  const queries = random.sample(others.length, Math.min(MOST_PARTICLES, others.length)).map((i) => others[i]!);
  const rows = (of: typeof others) =>
    rowsOf(
      embedded,
      of.map(({ row }) => row),
    );
  const labelled = {
    embedded: rows(taken(0, shot)),
    labels: taken(0, shot).map(({ label }) => label),
    classCount: way,
  };
  const similarities = classSimilarities(rows(queries), labelled, description);
  const classified = { queries: rows(queries), examples: labelled, similarities };
  const statistics = scaleStatistics(classified, description.temperature);
  return statistics && { way, shot, similarities, labels: queries.map(({ label }) => label), statistics };
}
