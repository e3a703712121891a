/** A run beside the truth of the practice tomogram. */
import { matchPicks } from "../../../evaluate/index.js";
import {
  candidatesOf,
  decidePicks,
  type Project,
  type RunResults,
  type TruthComparison,
  type VoxelPosition,
  verdictsOf,
} from "../../protocol/index.js";
import { PRACTICE_VOXEL_SIZE_ANGSTROM, type TrueParticle } from "./practice-tomogram.js";
import { distance } from "./suggestions.js";

/** What stands of a run's picks, one to one with the true particles: a pick is right if it is at a particle of its class. */
export function compareWithTruth(
  results: RunResults,
  project: Project,
  tomogramId: string,
  truth: readonly TrueParticle[],
): TruthComparison {
  const candidates = candidatesOf(results).filter((candidate) => candidate.tomogramId === tomogramId);
  const decided = decidePicks(candidates, verdictsOf(candidates, project.verdicts), project);
  const picks = decided.filter(({ isPick }) => isPick);
  const { truthOfPick } = matchPicks(
    picks.map(({ position, probability }) => ({
      ...{ tomogram: tomogramId, positionAngstrom: inAngstrom(position), score: probability },
    })),
    truth.map((particle) => ({ ...particle, tomogram: tomogramId, matchDistanceAngstrom: particle.radiusAngstrom })),
  );
  const trueNames = new Map(
    project.classes.map(({ id, name }) => [id, trueName(id, name, project, { tomogramId, truth })]),
  );
  return {
    classes: project.classes.flatMap(({ id }) => {
      const className = trueNames.get(id);
      if (className === undefined) return [];
      const own = picks.flatMap(({ classId }, pick) => (classId === id ? [truth[truthOfPick[pick]!]] : []));
      return {
        classId: id,
        truths: truth.filter((particle) => particle.className === className).length,
        picks: own.length,
        right: own.filter((particle) => particle?.className === className).length,
      };
    }),
  };
}

/** People name classes as they like: a class is what most of its examples are, else what has its name. */
function trueName(
  classId: string,
  name: string,
  { examples }: Project,
  { tomogramId, truth }: { readonly tomogramId: string; readonly truth: readonly TrueParticle[] },
): string | undefined {
  const votes = new Map<string, number>();
  for (const example of examples) {
    if (example.classId !== classId || example.tomogramId !== tomogramId) continue;
    const at = inAngstrom(example.position);
    const near = truth.filter(
      ({ positionAngstrom, radiusAngstrom }) => distance(positionAngstrom, at) <= radiusAngstrom,
    );
    near.sort((a, b) => distance(a.positionAngstrom, at) - distance(b.positionAngstrom, at));
    if (near[0]) votes.set(near[0].className, 1 + (votes.get(near[0].className) ?? 0));
  }
  const [most] = [...votes].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? truth.find(({ className }) => className === name)?.className;
}

function inAngstrom({ x, y, z }: VoxelPosition): VoxelPosition {
  const voxel = PRACTICE_VOXEL_SIZE_ANGSTROM;
  return { x: x * voxel, y: y * voxel, z: z * voxel };
}
