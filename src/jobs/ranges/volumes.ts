/** What networks are shown to see which values they take: made up as in their training, from procedural complexes alone. */
import { join } from "node:path";
import { temporaryFolder } from "../../files/disk/index.js";
import type { Progress } from "../../progress.js";
import { batchDefaults, createBatchSource, createDetectorBatches } from "../../train/index.js";
import { variedSpecimens } from "../train-detector/index.js";
import { trainingSpecimens } from "../training/index.js";

export interface Volumes {
  /** `[batches, ...shape]` */
  readonly data: Float32Array;
  /** Of a batch: `[count, nz, ny, nx]`. */
  readonly shape: readonly [number, number, number, number];
  readonly batches: number;
  /** What they are, for the model's description. */
  readonly words: string;
}

const BOX_BATCHES = 12;
const BOX_BATCH = 16;

/** Boxes of a training batch: two of each class, at all its noise levels and conditions. */
export function renderedBoxes(edge: number, seed: number): Volumes {
  const count = BOX_BATCHES * BOX_BATCH;
  const classes = count / 2;
  const options = { ...batchDefaults, seed, classes, structureClasses: 0, pool: count, freshClasses: 1 };
  const source = createBatchSource({ ...options, imaging: { boxSize: edge } }, []);
  return {
    data: source(0).volumes,
    shape: [BOX_BATCH, edge, edge, edge],
    batches: BOX_BATCHES,
    words: `${count} particles of ${classes} procedural complexes`,
  };
}

const SPECIMENS = 4;
const PATCHES = 32;
const PATCH_EDGE = 64;

/** Patches of the detector's training, of specimens that are simulated for it. */
export async function detectorPatches({
  seed,
  threads = 2,
  onProgress,
  signal,
}: Progress & { readonly seed: number; readonly threads?: number | undefined }): Promise<Volumes> {
  await using folder = await temporaryFolder();
  const simulation = { folder: join(folder.path, "specimens"), seed, threads, onProgress, signal };
  const specimens = await trainingSpecimens(variedSpecimens(SPECIMENS, "ranges"), simulation);
  const batch = createDetectorBatches({ seed, patches: PATCHES, edge: PATCH_EDGE }, specimens)(0);
  return {
    data: batch.volumes,
    shape: [1, PATCH_EDGE, PATCH_EDGE, PATCH_EDGE],
    batches: PATCHES,
    words: `${PATCHES} patches of ${PATCH_EDGE}^3 voxels of ${SPECIMENS} simulated tomograms of procedural complexes`,
  };
}
