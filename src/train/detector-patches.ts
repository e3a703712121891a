/** Batches for the detector: patches of specimens at random noise, never twice the same. */
import { createRandom, gaussianFilterInPlace, type Random, type Shape3 } from "../volume/index.js";
import type { DetectorBatch } from "./detector-graph.js";
import { BLUR_SIGMAS_VOXELS, STEPS_PER_DEVIATION, type TrainingSpecimen } from "./specimen.js";
import { drawNoise, type NoiseLevel } from "./specimen-noise.js";

export interface DetectorBatchOptions {
  readonly seed: number;
  /** Patches in a batch, and their edge in voxels. */
  readonly patches: number;
  readonly edge: number;
}

/** Standard deviation, in voxels, of the Gaussian that marks a centre: a quarter of the radius, but most of a cell at least. */
export function centreWidthVoxels(radiusVoxels: number): number {
  return Math.max(1.5, radiusVoxels / 4);
}

/**
 * Batch number `step`, a function of the seed, the step and the specimens alone. Each patch is cut from a random specimen at
 * a random position, mirrored at random, in most cases with the beam along z and the tilt axis along y or x, else along any axis;
 * the noise is cut elsewhere and mirrored by itself. Signal-to-noise ratios are 0.1 to 10 or infinite, lower for white noise,
 * half of it where the eye sees it. Half of the patches are low-pass filtered.
 */
export function createDetectorBatches(
  { seed, patches, edge }: DetectorBatchOptions,
  specimens: readonly TrainingSpecimen[],
): (step: number) => DetectorBatch {
  const root = createRandom(seed);
  const voxels = edge ** 3;
  const cells = (edge / 2) ** 3;
  return (step) => {
    const batch: DetectorBatch = {
      volumes: new Float32Array(patches * voxels),
      particles: new Float32Array(patches * voxels),
      centres: new Float32Array(patches * cells),
      logRadii: new Float32Array(patches * cells),
    };
    for (let i = 0; i < patches; i++) {
      const random = root.fork("patch", step, i);
      drawPatch(random, random.pick(specimens), edge, {
        volumes: batch.volumes.subarray(i * voxels, (i + 1) * voxels),
        particles: batch.particles.subarray(i * voxels, (i + 1) * voxels),
        centres: batch.centres.subarray(i * cells, (i + 1) * cells),
        logRadii: batch.logRadii.subarray(i * cells, (i + 1) * cells),
      });
    }
    return batch;
  };
}

/** Voxels beyond its edge that a patch over the tomogram's border shows. */
const OUTSIDE_VOXELS = 10;

function drawPatch(random: Random, specimen: TrainingSpecimen, edge: number, into: DetectorBatch): void {
  const axes = drawAxes(random);
  const outside = random.next() < 0.15 ? OUTSIDE_VOXELS : 0;
  const pose = drawPose(random, specimen.shape, { axes, edge, outside });
  const noisePose = drawPose(random, specimen.shape, { axes, edge, outside: 0 });
  const level = drawNoise(random, specimen.boxVariance);
  const blur = random.next() < 0.5 ? 0 : 1 + random.integer(BLUR_SIGMAS_VOXELS.length - 1);
  drawVolume(random, specimen, { pose, noisePose, level, blur, edge }, into.volumes);
  cutMask(specimen, pose, edge, into.particles);
  drawCentres(specimen, pose, edge, into);
}

/** Which axis of the specimen runs along z, y and x of the patch. */
type Axes = readonly [number, number, number];

const ALL_AXES: readonly Axes[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

function drawAxes(random: Random): Axes {
  if (random.next() < 0.3) return random.pick(ALL_AXES);
  return ALL_AXES[random.next() < 0.6 ? 0 : 1];
}

/** For each axis of a patch: the specimen's axis, where the patch's voxel 0 lies along it, and in which direction it runs. */
interface Pose {
  readonly axes: Axes;
  readonly origins: readonly number[];
  readonly directions: readonly (1 | -1)[];
}

function drawPose(
  random: Random,
  shape: Shape3,
  { axes, edge, outside }: { axes: Axes; edge: number; outside: number },
): Pose {
  const directions = axes.map(() => (random.next() < 0.5 ? 1 : -1));
  const origins = axes.map((axis, i) => {
    const first = random.integer(shape[axis] - edge + 2 * outside + 1) - outside;
    return directions[i] === 1 ? first : first + edge - 1;
  });
  return { axes, origins, directions };
}

/** Where the voxels of a patch lie in its specimen, along each axis of the patch; negative outside. `margin` voxels more at each end. */
function offsetsOf([nz, ny, nx]: Shape3, { axes, origins, directions }: Pose, edge: number, margin = 0) {
  const strides = [ny * nx, nx, 1];
  return axes.map((axis, i) =>
    Int32Array.from({ length: edge + 2 * margin }, (_, at) => {
      const source = origins[i] + directions[i] * (at - margin);
      return source >= 0 && source < [nz, ny, nx][axis] ? source * strides[axis] : -1;
    }),
  );
}

interface VolumeDraw {
  readonly pose: Pose;
  readonly noisePose: Pose;
  readonly level: NoiseLevel;
  /** Index into `BLUR_SIGMAS_VOXELS`. */
  readonly blur: number;
  readonly edge: number;
}

function drawVolume(random: Random, specimen: TrainingSpecimen, draw: VolumeDraw, into: Float32Array): void {
  const { pose, noisePose, level, blur, edge } = draw;
  const { shape } = specimen;
  const sigma = BLUR_SIGMAS_VOXELS[blur];
  const margin = sigma > 0 ? Math.ceil(2.5 * sigma) : 0; // what the filter reaches for beyond the patch
  const wide = edge + 2 * margin;
  const volume = margin > 0 ? new Float32Array(wide ** 3) : into;
  volume.fill(0);
  addCut(volume, specimen.noiseFree, offsetsOf(shape, pose, edge, margin), 1 / STEPS_PER_DEVIATION);
  const noiseFactor = level.reconstructed / STEPS_PER_DEVIATION;
  if (noiseFactor > 0) addCut(volume, specimen.noise, offsetsOf(shape, noisePose, edge, margin), noiseFactor);
  if (level.white > 0) {
    const normals = new Float64Array(wide ** 3);
    random.fillNormal(normals);
    for (let at = 0; at < normals.length; at++) volume[at] += level.white * normals[at];
  }
  if (margin > 0) {
    gaussianFilterInPlace(volume, [wide, wide, wide], sigma);
    for (let z = 0, at = 0; z < edge; z++)
      for (let y = 0; y < edge; y++, at += edge) {
        const start = ((z + margin) * wide + y + margin) * wide + margin;
        into.set(volume.subarray(start, start + edge), at);
      }
  }
  const variance =
    specimen.blurred.noiseFree[blur] +
    level.reconstructed ** 2 * specimen.blurred.noise[blur] +
    level.white ** 2 * whiteVariance(sigma);
  // Contrast off by a quarter, because other tomograms are not as uniform as these: empty corners, thick ice, gold.
  const scale = Math.exp(random.uniform(Math.log(0.8), Math.log(1.25))) / Math.sqrt(variance);
  const tilted = random.next() < 0.2 ? 0.5 : 0; // a slope of the background, of up to half a deviation
  const slope = (): number => (random.uniform(-1, 1) * tilted * 2) / edge;
  const [slopeZ, slopeY, slopeX] = [slope(), slope(), slope()];
  const shift = random.uniform(-0.1, 0.1);
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, at++)
        into[at] =
          scale * into[at] + shift + slopeZ * (z - edge / 2) + slopeY * (y - edge / 2) + slopeX * (x - edge / 2);
}

/** Variance left of white noise of variance 1 by a three-dimensional Gaussian filter: the cube of the kernel's sum of squares. */
function whiteVariance(sigma: number): number {
  if (sigma === 0) return 1;
  let [sum, squares] = [0, 0];
  for (let i = -12; i <= 12; i++) {
    const weight = Math.exp(-(i * i) / (2 * sigma * sigma));
    sum += weight;
    squares += weight * weight;
  }
  return (squares / sum ** 2) ** 3;
}

/** Adds `factor` times the voxels of `source` at the sums of three offsets; nothing where one of them is negative. */
function addCut(
  into: Float32Array,
  source: Int16Array | Uint16Array,
  [alongZ, alongY, alongX]: readonly Int32Array[],
  factor: number,
): void {
  const edge = alongX.length;
  for (let z = 0; z < edge; z++) {
    const plane = alongZ[z];
    if (plane < 0) continue;
    for (let y = 0; y < edge; y++) {
      const row = alongY[y];
      if (row < 0) continue;
      const at = (z * edge + y) * edge;
      for (let x = 0; x < edge; x++) if (alongX[x] >= 0) into[at + x] += factor * source[plane + row + alongX[x]];
    }
  }
}

/** Sets voxels inside particles to 1. */
function cutMask({ shape, instances }: TrainingSpecimen, pose: Pose, edge: number, into: Float32Array): void {
  addCut(into, instances, offsetsOf(shape, pose, edge), 1);
  for (let at = 0; at < into.length; at++) if (into[at] > 0) into[at] = 1;
}

/** Cells beyond which a centre's Gaussian is left out, in standard deviations. */
const GAUSSIAN_REACH = 3;

function drawCentres(
  { centres }: TrainingSpecimen,
  { axes, origins, directions }: Pose,
  edge: number,
  { centres: heat, logRadii }: Pick<DetectorBatch, "centres" | "logRadii">,
): void {
  const cells = edge / 2;
  for (let i = 0; i < centres.length; i += 4) {
    const radius = centres[i + 3];
    const sigma = centreWidthVoxels(radius);
    // Source axes are z, y, x; centres are stored as x, y, z. Cell c is centred at voxel 2 c + 0.5.
    const at = axes.map((axis, a) => ((centres[i + 2 - axis] - origins[a]) * directions[a] - 0.5) / 2);
    const reach = (GAUSSIAN_REACH * sigma) / 2;
    if (at.some((cell) => cell < -reach || cell > cells - 1 + reach)) continue;
    const [low, high] = [
      at.map((cell) => Math.max(0, Math.ceil(cell - reach))),
      at.map((cell) => Math.min(cells - 1, Math.floor(cell + reach))),
    ];
    for (let z = low[0]; z <= high[0]; z++)
      for (let y = low[1]; y <= high[1]; y++)
        for (let x = low[2]; x <= high[2]; x++) {
          const squared = (z - at[0]) ** 2 + (y - at[1]) ** 2 + (x - at[2]) ** 2;
          const value = Math.exp((-2 * squared) / (sigma * sigma)); // cells are two voxels: 4 d^2 / (2 s^2)
          const cell = (z * cells + y) * cells + x;
          if (value <= heat[cell]) continue;
          heat[cell] = value;
          logRadii[cell] = Math.log(radius);
        }
  }
}
