/** Particles of which each tilt image was cut out, and not a box of the tomogram. */
import { ShapeError } from "../../errors.js";
import {
  type ContrastTransfer,
  centreIndex,
  contrastTransferFunction,
  createFft3,
  createVolume,
  exposureWeight,
  type Matrix3,
  type Volume,
} from "../../volume/index.js";
import { centringPhases } from "../align/spectrum-box.js";
import type { Subtomogram } from "../align/subtomogram.js";
import { createFourierPlanes, type FourierPlanes } from "./fourier-planes.js";

/** One image of a particle, and how it was taken. */
export interface TiltImage {
  /** `[edge, edge]`, the particle at pixel floor(edge / 2); bright protein. */
  readonly pixels: Float32Array;
  /** The rows are the image's x, its y, and the beam, in the tomogram's axes. */
  readonly rotation: Matrix3;
  /** Undefined where it is not known: then 1 at every frequency. Its scale says how much the image counts. */
  readonly transfer: ContrastTransfer | undefined;
  /** Electrons per Å^2 before this image; 0 where images are not weighted by it. */
  readonly exposure: number;
}

/** The images of a particle. */
export interface TiltImages {
  readonly edge: number;
  readonly pixelSizeAngstrom: number;
  readonly images: readonly TiltImage[];
  /** The images were multiplied by their transfer, scale and exposure included, as RELION and WarpTools write them. */
  readonly isPremultiplied: boolean;
}

/**
 * The particle's spectrum as the sum of its images, each times its contrast transfer, and the sum of the squares of the
 * transfers as the weight. A plane of an image lies across its beam; its values go to the nearest eight grid points, which weakens
 * density far from the box's centre.
 * @throws ShapeError for images of another size than `edge`.
 */
export function subtomogramOfTilts(tilts: TiltImages): Subtomogram {
  const { edge } = tilts;
  const planes = createFourierPlanes(edge);
  sumPlanes(tilts, planes, { padding: PADDING, isRestoring: false });
  return { edge, spectrum: Float32Array.from(planes.spectrum), weight: Float32Array.from(planes.weight) };
}

/** Images twice as large with zeros around them: linear interpolation between frequencies is twice as fine. */
const PADDING = 2;

/** Noise over signal of an image where its transfer is 1: what restoring divides by at least. */
const RESTORING_FLOOR = 0.055;
/** The finer grid keeps apart what would come in from the box's neighbours. */
const FINER = 2;

/**
 * The particle's density as others make boxes of it (networks are shown `restoredBox`): contrast transfer divided out where the
 * images hold more than noise, what exposure has weakened left as it is. Frequencies between the images are empty.
 * @throws ShapeError for images of another size than `edge`.
 */
export function boxOfTilts(tilts: TiltImages): Volume {
  const { edge, pixelSizeAngstrom } = tilts;
  const planes = createFourierPlanes(FINER * edge);
  sumPlanes(tilts, planes, { padding: 1, isRestoring: true });
  const { spectrum, weight } = planes;
  for (let i = 0; i < weight.length; i++) {
    const factor = 1 / (weight[i] + RESTORING_FLOOR);
    spectrum[2 * i] *= factor;
    spectrum[2 * i + 1] *= factor;
  }
  return createVolume([edge, edge, edge], pixelSizeAngstrom, croppedBox(planes, edge));
}

/** How images are summed. */
interface Summing {
  /** How much larger images are made. */
  readonly padding: number;
  /** Weights are the scale times CTF^2 without scale and exposure, and values count by the scale; else weights are all of it. */
  readonly isRestoring: boolean;
}

/** Adds half of each image's plane: the other half are conjugates. Padded images have finer frequencies. */
function sumPlanes(
  { edge, pixelSizeAngstrom, images, isPremultiplied }: TiltImages,
  planes: FourierPlanes,
  { padding, isRestoring }: Summing,
): void {
  const padded = padding * edge;
  const fft = createFft3([1, padded, padded]);
  const spectrum = fft.createSpectrum();
  const { cosines, sines } = centringPhases(padded);
  const step = 1 / (padded * pixelSizeAngstrom);
  const gridSteps = planes.edge / padded;
  const radius = padding * (edge / 2 - 1);
  for (const { pixels, rotation, transfer, exposure } of images) {
    const [ax, ay, az, bx, by, bz] = rotation;
    const scale = transfer?.scale ?? 1;
    if (scale === 0) continue;
    const transferAt = transfer ? contrastTransferFunction(transfer) : () => 1;
    fft.forward(paddedImage(pixels, edge, padded), spectrum);
    for (let row = 0; row < padded; row++) {
      const v = row <= padded / 2 ? row : row - padded;
      for (let u = 0; u <= radius; u++) {
        const squared = u * u + v * v;
        if (squared > radius * radius || (u === 0 && v < 0)) continue;
        const left = exposureWeight(Math.sqrt(squared) * step, exposure);
        const pure = transferAt(u * step, v * step);
        // Zero is its own conjugate; a padded image has more frequencies to a grid point.
        const part = (squared === 0 ? 0.5 : 1) / padding ** 2;
        const gain = part * (isRestoring ? scale : 1) * (isPremultiplied ? 1 : pure * left);
        const weight = part * (isRestoring ? pure ** 2 / scale : (pure * left) ** 2);
        const at = 2 * (row * fft.halfWidth + u);
        const phase = (u + row) % padded;
        const real = gain * (cosines[phase] * spectrum[at] - sines[phase] * spectrum[at + 1]);
        const imaginary = gain * (cosines[phase] * spectrum[at + 1] + sines[phase] * spectrum[at]);
        const [gridU, gridV] = [gridSteps * u, gridSteps * v];
        planes.add(gridU * ax + gridV * bx, gridU * ay + gridV * by, gridU * az + gridV * bz, real, imaginary, weight);
      }
    }
  }
}

/** The image in the middle of a larger one of zeros: centre on centre. */
function paddedImage(pixels: Float32Array, edge: number, padded: number): Float32Array {
  if (pixels.length !== edge * edge)
    throw new ShapeError(`a tilt image of ${edge}^2 pixels has ${edge * edge} values, got ${pixels.length}`);
  if (padded === edge) return pixels;
  const image = new Float32Array(padded * padded);
  const first = centreIndex(padded) - centreIndex(edge);
  for (let y = 0; y < edge; y++) image.set(pixels.subarray(y * edge, (y + 1) * edge), (first + y) * padded + first);
  return image;
}

/** The middle of a larger box in real space, freed of the fall-off that linear interpolation leaves. */
function croppedBox({ edge: outer, spectrum }: FourierPlanes, edge: number): Float32Array {
  const fft = createFft3([outer, outer, outer]);
  const volume = new Float32Array(outer ** 3);
  fft.inverse(spectrum, volume);
  const box = new Float32Array(edge ** 3);
  // Phases are counted from the centre: it is the first voxel of `volume`, and what lies before it the last ones.
  const offsets = Array.from({ length: edge }, (_, i) => i - centreIndex(edge));
  const indices = offsets.map((offset) => (offset + outer) % outer);
  const fallOff = offsets.map((offset) => sinc(offset / outer) ** 2);
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, at++)
        box[at] =
          volume[(indices[z] * outer + indices[y]) * outer + indices[x]] / (fallOff[z] * fallOff[y] * fallOff[x]);
  return box;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
