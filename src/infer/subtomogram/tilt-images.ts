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
 * transfers as the weight. A plane of an image lies across its beam; its values go to the nearest eight grid points.
 * @throws ShapeError for images of another size than `edge`.
 */
export function subtomogramOfTilts(tilts: TiltImages): Subtomogram {
  const { edge } = tilts;
  const planes = createFourierPlanes(edge);
  sumPlanes(tilts, planes, PADDING, ({ value, transfer }) => ({
    value: tilts.isPremultiplied ? value : times(value, transfer),
    weight: transfer ** 2,
  }));
  return { edge, spectrum: Float32Array.from(planes.spectrum), weight: Float32Array.from(planes.weight) };
}

/** Images twice as large with zeros around them: linear interpolation between frequencies is twice as fine. */
const PADDING = 2;

/** Noise over signal of an image where its transfer is 1: what restoring divides by at least. */
const RESTORING_FLOOR = 0.055;
/** The finer grid keeps apart what would come in from the box's neighbours. */
const FINER = 2;

/**
 * The particle's density as pictures and networks take it: contrast transfer divided out where the images hold more than noise,
 * what exposure has weakened left as it is. Frequencies between the images are empty.
 * @throws ShapeError for images of another size than `edge`.
 */
export function boxOfTilts(tilts: TiltImages): Volume {
  const { edge, pixelSizeAngstrom } = tilts;
  const planes = createFourierPlanes(FINER * edge);
  sumPlanes(tilts, planes, 1, ({ value, transfer, scale, exposure }) => {
    const pure = scale === 0 ? 0 : transfer / (scale * exposure);
    return { value: times(value, tilts.isPremultiplied ? scale : scale * transfer), weight: scale * pure ** 2 };
  });
  const { spectrum, weight } = planes;
  for (let i = 0; i < weight.length; i++) {
    const factor = 1 / (weight[i] + RESTORING_FLOOR);
    spectrum[2 * i] *= factor;
    spectrum[2 * i + 1] *= factor;
  }
  return createVolume([edge, edge, edge], pixelSizeAngstrom, croppedBox(planes, edge));
}

interface PlaneValue {
  readonly value: readonly [number, number];
  /** Contrast transfer, scale and exposure. */
  readonly transfer: number;
  readonly scale: number;
  readonly exposure: number;
}

/** Adds half of each image's plane: the other half are conjugates. Padded images have finer frequencies. */
function sumPlanes(
  { edge, pixelSizeAngstrom, images }: TiltImages,
  planes: FourierPlanes,
  padding: number,
  summand: (value: PlaneValue) => { readonly value: readonly [number, number]; readonly weight: number },
): void {
  const padded = padding * edge;
  const fft = createFft3([1, padded, padded]);
  const spectrum = fft.createSpectrum();
  const step = 1 / (padded * pixelSizeAngstrom);
  const gridSteps = planes.edge / padded;
  const radius = padding * (edge / 2 - 1);
  for (const { pixels, rotation, transfer, exposure } of images) {
    const scale = transfer?.scale ?? 1;
    if (scale === 0) continue;
    const transferAt = transfer ? contrastTransferFunction(transfer) : () => 1;
    fft.forward(paddedImage(pixels, edge, padded), spectrum);
    for (let row = 0; row < padded; row++) {
      const v = row <= padded / 2 ? row : row - padded;
      for (let u = 0; u <= radius; u++) {
        if (u * u + v * v > radius * radius || (u === 0 && v < 0)) continue;
        const left = exposureWeight(Math.hypot(u, v) * step, exposure);
        const own = { value: centred(spectrum, row * fft.halfWidth + u, u + v, padded), scale, exposure: left };
        const { value, weight } = summand({ ...own, transfer: transferAt(u * step, v * step) * left });
        // Zero is its own conjugate; a padded image has more frequencies to a grid point.
        const part = (u === 0 && v === 0 ? 0.5 : 1) / padding ** 2;
        planes.add(rotation, [gridSteps * u, gridSteps * v], times(value, part), part * weight);
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

/** A value of an image's spectrum with its phase counted from the centre: turned by 2 pi c (u + v) / edge. */
function centred(spectrum: Float64Array, at: number, sum: number, edge: number): readonly [number, number] {
  const angle = (2 * Math.PI * centreIndex(edge) * sum) / edge;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [real, imaginary] = [spectrum[2 * at], spectrum[2 * at + 1]];
  return [cosine * real - sine * imaginary, cosine * imaginary + sine * real];
}

function times([real, imaginary]: readonly [number, number], factor: number): readonly [number, number] {
  return [factor * real, factor * imaginary];
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
