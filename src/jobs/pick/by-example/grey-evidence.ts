/** The grey values around places of a tomogram, beside those around the examples that lie in it. */
import { throwIfAborted } from "../../../errors.js";
import {
  GREY_RADIUS_VOXELS,
  type GreyFeatures,
  greyDistinction,
  greyFeatures,
  greyLikeness,
  greyPenalties,
  greyReference,
} from "../../../infer/index.js";
import { createRandom, type Vector3 } from "../../../volume/index.js";
import {
  byDepth,
  createScaledBoxReader,
  recalled,
  type SearchedTomogram,
  tomogramWorkFolder,
} from "../../search/index.js";
import type { PickScale } from "../scales.js";
import { ownExamples } from "./own-examples.js";

/** Random places that show what a tomogram's grey values are like. */
const RANDOM_PLACES = 512;

/** What grey values tell of places in one tomogram. */
export interface GreyEvidence {
  /** What places lose of their similarity to each class, `[places, classes]`. @throws FileError, AbortError. */
  penalties(places: readonly Vector3[]): Promise<Float32Array>;
  /** Whether a place looks like most places of the tomogram. @throws FileError, AbortError. */
  isOrdinary(place: Vector3): Promise<boolean>;
  /** Classes whose grey values alone tell where more of them are: erased gold, holes. */
  readonly remarkable: ReadonlySet<number>;
  /** How like places are to a class by their grey values alone, 0 to 1. @throws FileError, AbortError. */
  likeness(places: readonly Vector3[], classIndex: number): Promise<number[]>;
}

/** @throws FileError, AbortError. */
export async function measureGreyEvidence(
  searched: Pick<SearchedTomogram, "grid" | "scale" | "candidates">,
  scale: PickScale,
): Promise<GreyEvidence> {
  const { seed, memory, signal } = scale.settings;
  const { supports, boxes } = scale.examples;
  const { grid } = searched;
  const tomogram = [await tomogramWorkFolder(grid.path, scale.settings), grid.voxelSizeAngstrom, searched.scale];
  const seen = async () => new Map<string, GreyFeatures>();
  const known = await recalled(memory, `grey values ${JSON.stringify(tomogram)}`, seen);
  const featuresAt = createFeatureReader(searched, known, signal);
  const random = createRandom(seed).fork("grey values");
  const size = grid.sizeAngstrom;
  const anywhere = Array.from({ length: RANDOM_PLACES }, () => ({
    x: random.uniform(0, size.x),
    y: random.uniform(0, size.y),
    z: random.uniform(0, size.z),
  }));
  const places = await featuresAt(anywhere);
  const reference = greyReference(places, await featuresAt(searched.candidates.map((one) => one.positionAngstrom)));
  const features = boxes.map((): GreyFeatures | undefined => undefined);
  const own = await ownExamples(searched, scale);
  const ofOwn = await featuresAt(own.map(({ positionAngstrom }) => positionAngstrom));
  for (const [i, { index }] of own.entries()) features[index] = ofOwn[i];
  const examples = { features, labels: supports.labels, classCount: supports.classCount };
  const ofClass = (label: number) => features.filter((_, i) => supports.labels[i] === label);
  const isRemarkable = (one: GreyFeatures | undefined) => one && greyDistinction(one, reference) === "remarkable";
  const { temperature } = scale.networks.embedder.description;
  return {
    remarkable: new Set(supports.labels.filter((label) => ofClass(label).every(isRemarkable))),
    async penalties(at) {
      return greyPenalties(await featuresAt(at), examples, reference).map((logOdds) => logOdds / temperature);
    },
    async isOrdinary(place) {
      const [there] = await featuresAt([place]);
      return greyDistinction(there!, reference) === "ordinary";
    },
    async likeness(at, label) {
      const like = ofClass(label).filter((one) => one !== undefined);
      return (await featuresAt(at)).map((place) => greyLikeness(place, like, reference));
    },
  };
}

/**
 * Features around positions, at least as far from every face as the ball reaches: nothing is known of what lies beyond.
 * @param known those read before, by position.
 */
function createFeatureReader(
  { grid, scale }: Pick<SearchedTomogram, "grid" | "scale">,
  known: Map<string, GreyFeatures>,
  signal: AbortSignal | undefined,
) {
  const reach = GREY_RADIUS_VOXELS * grid.voxelSizeAngstrom;
  const [nz, ny, nx] = grid.shape;
  const inside = (at: number, length: number) => {
    const last = (length - 1) * grid.voxelSizeAngstrom;
    return Math.max(Math.min(reach, last / 2), Math.min(Math.max(last - reach, last / 2), at));
  };
  return async (positions: readonly Vector3[]): Promise<GreyFeatures[]> => {
    const places = positions.map(({ x, y, z }) => ({ x: inside(x, nx), y: inside(y, ny), z: inside(z, nz) }));
    const keys = places.map((place) => Object.values(place).join());
    const order = byDepth(places).filter((i) => !known.has(keys[i]!));
    const readBox = createScaledBoxReader(grid, scale, 2 * GREY_RADIUS_VOXELS + 1, { inOrder: order.length });
    for (const i of order) {
      throwIfAborted(signal);
      known.set(keys[i]!, greyFeatures(await readBox(places[i]!)));
    }
    return keys.map((key) => known.get(key)!);
  };
}
