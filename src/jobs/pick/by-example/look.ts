/** Boxes at places that may hold a particle of a certain class: whether they do, and where its centre is. */
import {
  classSimilarities,
  type LabelledExamples,
  lessPenalties,
  suppressNeighbours,
  vertex,
} from "../../../infer/index.js";
import type { Vector3 } from "../../../volume/index.js";
import {
  type Candidate,
  type EmbedAtOptions,
  embedAt,
  type Networks,
  type SearchedTomogram,
} from "../../search/index.js";
import type { MeasuredTomogram } from "./lead.js";

/** A place that may hold a particle of a class. */
export interface Place {
  readonly candidate: Candidate;
  readonly classIndex: number;
}

/** A place that was looked at. */
export interface Seen extends Place {
  /** Of its box to the class, less what its grey values speak against. */
  readonly similarity: number;
  /** No other class is more similar. */
  readonly isBest: boolean;
}

/** Looks at places through the classifier. @throws FileError, ModelError, AbortError. */
export type Look = (places: readonly Place[]) => Promise<Seen[]>;

export function createLook(
  { searched, greys }: MeasuredTomogram,
  networks: Networks,
  examples: LabelledExamples,
  options: Pick<EmbedAtOptions, "workFolder" | "memory" | "signal">,
): Look {
  const { description } = networks.embedder;
  const { classCount } = examples;
  return async (places) => {
    const candidates = places.map(({ candidate }) => candidate);
    const embedding = { ...options, stage: "", testTimeAveraging: false };
    const { embedded } = await embedAt(searched, candidates, networks, embedding);
    const penalties = await greys.penalties(candidates.map(({ positionAngstrom }) => positionAngstrom));
    const similarities = lessPenalties(classSimilarities(embedded, examples, description), penalties);
    return places.map((place, i) => {
      const row = similarities.subarray(i * classCount, (i + 1) * classCount);
      const similarity = isInside(place, searched) ? row[place.classIndex]! : -1;
      return { ...place, similarity, isBest: row.every((other) => other <= similarity) };
    });
  };
}

/** What lies beyond a face has nothing to show: half of such a box is filled in. */
function isInside({ candidate }: Place, { grid }: SearchedTomogram): boolean {
  const { positionAngstrom: at } = candidate;
  return AXES.every((axis) => at[axis] >= 0 && at[axis] <= grid.sizeAngstrom[axis] - grid.voxelSizeAngstrom);
}

const AXES = ["x", "y", "z"] as const;

/** Each place moved along every axis, by no more than a step, to where the similarity is highest, as a parabola has it. */
export async function centre(seen: readonly Seen[], look: Look, stepAngstrom: number): Promise<Seen[]> {
  const around = await look(
    seen.flatMap((one) =>
      AXES.flatMap((axis) => [moved(one, { [axis]: -stepAngstrom }), moved(one, { [axis]: stepAngstrom })]),
    ),
  );
  const centred = seen.map((one, i) => {
    const shift = AXES.map((axis, k) => {
      const [before, after] = [around[6 * i + 2 * k]!, around[6 * i + 2 * k + 1]!];
      return [axis, stepAngstrom * vertex(before.similarity, one.similarity, after.similarity, 1)] as const;
    });
    return moved(one, Object.fromEntries(shift));
  });
  const again = await look(centred);
  return again.map((one, i) => (one.similarity >= seen[i]!.similarity ? one : seen[i]!));
}

function moved<T extends Place>(place: T, { x = 0, y = 0, z = 0 }: Partial<Vector3>): T {
  const at = place.candidate.positionAngstrom;
  const positionAngstrom = { x: at.x + x, y: at.y + y, z: at.z + z };
  return { ...place, candidate: { ...place.candidate, positionAngstrom } };
}

/** Of places nearer to each other than this the most similar one stays. */
export function oneEach(seen: readonly Seen[], distanceAngstrom: number): Seen[] {
  const placed = seen.map((one) => ({
    one,
    position: one.candidate.positionAngstrom,
    score: one.similarity,
    radius: distanceAngstrom / 2,
  }));
  return suppressNeighbours(placed, { spacing: 1 }).map(({ one }) => one);
}
