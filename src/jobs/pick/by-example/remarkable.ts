/** Places found by their grey values alone, where those of a class are like nothing else in the tomogram. */
import { suppressNeighbours } from "../../../infer/index.js";
import { breathe, type Progress } from "../../../progress.js";
import type { Vector3 } from "../../../volume/index.js";
import type { MeasuredTomogram } from "./lead.js";
import type { Place } from "./look.js";

/** Every so many voxels a place is measured: a ball around one of them holds most of a bead. */
const STEP_VOXELS = 4;
/** Less likeness than this, of 1, is none. */
const LEAST_LIKENESS = 0.1;
/** Places nearer to each other than this are of one thing: a bead of 10 nm and what is left of it after erasing. */
const APART_VOXELS = 10;
/** Rounds in which a place moves to the middle of what is around it. */
const ROUNDS = 3;

/** Most alike first. @throws FileError, AbortError. */
export async function remarkablePlaces(
  { searched: { grid }, greys }: MeasuredTomogram,
  classes: readonly number[],
  { onProgress, signal }: Progress,
): Promise<Place[]> {
  const voxel = grid.voxelSizeAngstrom;
  const [nz, ny, nx] = grid.shape;
  const steps = (length: number) =>
    Array.from({ length: Math.ceil(length / STEP_VOXELS) }, (_, i) => (i + 0.5) * STEP_VOXELS * voxel);
  const found: Place[] = [];
  const wanted = classes.filter((label) => greys.remarkable.has(label));
  const sections = wanted.length > 0 ? steps(nz) : [];
  for (const [done, z] of sections.entries()) {
    onProgress?.({ stage: "looking for grey values like the examples'", done, total: sections.length });
    await breathe(signal);
    const places = steps(ny).flatMap((y) => steps(nx).map((x): Vector3 => ({ x, y, z })));
    for (const classIndex of wanted) {
      const likeness = await greys.likeness(places, classIndex);
      for (const [i, positionAngstrom] of places.entries())
        if (likeness[i]! >= LEAST_LIKENESS)
          found.push({ classIndex, candidate: { positionAngstrom, score: likeness[i]!, radiusAngstrom: 0 } });
    }
  }
  return onePlaceEach(found, APART_VOXELS * voxel);
}

/** Each place moved to the middle of those around it, weighted by likeness; of those that end together the likest. */
function onePlaceEach(found: readonly Place[], apartAngstrom: number): Place[] {
  const placed = found.map((place) => {
    const own = found.filter(({ classIndex }) => classIndex === place.classIndex);
    let at = place.candidate.positionAngstrom;
    for (let round = 0; round < ROUNDS; round++) at = middleAround(at, own, apartAngstrom);
    const { score } = place.candidate;
    const moved: Place = { ...place, candidate: { ...place.candidate, positionAngstrom: at } };
    return { moved, score, position: at, radius: apartAngstrom / 2 };
  });
  return suppressNeighbours(placed, { spacing: 1 }).map(({ moved }) => moved);
}

function middleAround(at: Vector3, places: readonly Place[], reachAngstrom: number): Vector3 {
  let [total, x, y, z] = [0, 0, 0, 0];
  for (const { candidate } of places) {
    const { positionAngstrom: p, score } = candidate;
    if (Math.hypot(p.x - at.x, p.y - at.y, p.z - at.z) > reachAngstrom) continue;
    total += score;
    x += score * p.x;
    y += score * p.y;
    z += score * p.z;
  }
  return total > 0 ? { x: x / total, y: y / total, z: z / total } : at;
}
