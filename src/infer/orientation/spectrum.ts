import { ShapeError } from "../../errors.js";
import { centreIndex, createFft3, type Vector3 } from "../../volume/index.js";
import { maskShape } from "../pick/mask-shape.js";
import { band, COMPARED_EDGE } from "./band.js";

/** What a box shows at the compared frequencies: `[count, 2 * band.count]`, all real parts, then all imaginary ones. */
export type Spectra = Float32Array;

export const SPECTRUM_LENGTH = 2 * band.count;

/** Radius, in voxels, at which what is around the particle fades out, and over how many it does. */
const MASK_RADIUS_VOXELS = 8;
const MASK_WIDTH_VOXELS = 0.7;

/**
 * The low frequencies of boxes, neighbours faded out, phases counted from the voxel that is taken for the particle's centre: the one
 * nearest to the centroid of its mask, as far as the compared part then lies in the box, or voxel floor(edge / 2) without a mask.
 * @param volumes `[count, edge, edge, edge]`.
 * @param masks probabilities, in the same order.
 * @throws ShapeError when `edge` is smaller than the part that is compared, or does not divide the length.
 */
export function boxSpectra(volumes: Float32Array, edge: number, masks?: Float32Array): Spectra {
  if (edge < COMPARED_EDGE || volumes.length % edge ** 3 !== 0)
    throw new ShapeError(`orientations are compared in boxes of ${COMPARED_EDGE}^3 voxels or more, not of ${edge}^3`);
  const count = volumes.length / edge ** 3;
  const spectra = new Float32Array(count * SPECTRUM_LENGTH);
  const fft = createFft3([COMPARED_EDGE, COMPARED_EDGE, COMPARED_EDGE]);
  const spectrum = fft.createSpectrum();
  const part = new Float32Array(COMPARED_EDGE ** 3);
  for (let box = 0; box < count; box++) {
    const first = cornerOfPart(masks?.subarray(box * edge ** 3, (box + 1) * edge ** 3), edge);
    for (let z = 0, at = 0; z < COMPARED_EDGE; z++)
      for (let y = 0; y < COMPARED_EDGE; y++) {
        const row = ((box * edge + first.z + z) * edge + first.y + y) * edge + first.x;
        for (let x = 0; x < COMPARED_EDGE; x++, at++) part[at] = fade[at] * volumes[row + x];
      }
    fft.forward(part, spectrum);
    readBand(spectrum, fft.halfWidth, spectra.subarray(box * SPECTRUM_LENGTH, (box + 1) * SPECTRUM_LENGTH));
  }
  return spectra;
}

/** First voxel of the part of a box that is compared. */
function cornerOfPart(mask: Float32Array | undefined, edge: number): Vector3 {
  const middle = centreIndex(edge) - centreIndex(COMPARED_EDGE);
  const { x, y, z } = (mask && maskShape(mask, edge)?.offsetVoxels) ?? { x: 0, y: 0, z: 0 };
  const inBox = (offset: number) => Math.max(0, Math.min(edge - COMPARED_EDGE, middle + Math.round(offset)));
  return { x: inBox(x), y: inBox(y), z: inBox(z) };
}

const fade = createFade();

function createFade(): Float32Array {
  const factors = new Float32Array(COMPARED_EDGE ** 3);
  const centre = centreIndex(COMPARED_EDGE);
  for (let z = 0, at = 0; z < COMPARED_EDGE; z++)
    for (let y = 0; y < COMPARED_EDGE; y++)
      for (let x = 0; x < COMPARED_EDGE; x++, at++) {
        const radius = Math.hypot(x - centre, y - centre, z - centre);
        factors[at] = 1 / (1 + Math.exp((radius - MASK_RADIUS_VOXELS) / MASK_WIDTH_VOXELS));
      }
  return factors;
}

/** Phases are counted from half of an even edge: every odd frequency changes its sign. */
const centringSign = (x: number, y: number, z: number): 1 | -1 => ((x + y + z) % 2 === 0 ? 1 : -1);

function readBand(spectrum: Float64Array, halfWidth: number, into: Float32Array): void {
  for (let k = 0; k < band.count; k++) {
    const [x, y, z] = [band.x[k], band.y[k], band.z[k]];
    const at = 2 * ((wrapped(z) * COMPARED_EDGE + wrapped(y)) * halfWidth + x);
    const sign = centringSign(x, y, z);
    into[k] = sign * spectrum[at];
    into[band.count + k] = sign * spectrum[at + 1];
  }
}

const wrapped = (frequency: number): number => (frequency < 0 ? frequency + COMPARED_EDGE : frequency);
