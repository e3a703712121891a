import { centreIndex, createFft3, interpolationCorrection } from "../../volume/index.js";

/** Transforms are taken of twice the edge, so that between Fourier pixels one can interpolate linearly. */
const PADDING = 2;

/** A reference as it is turned: a field over Fourier space that can be interpolated, gradients included. */
export interface ReferenceField {
  readonly edge: number;
  /** Largest frequency, in Fourier pixels of the box, that may be asked for. */
  readonly largestFrequency: number;
  /** `[2 reach + 1, 2 reach + 1, reach + 1, 4]`, kx from 0: real, imaginary, how far it was measured (0 to 1), unused. */
  readonly cells: Float32Array;
  /** Largest index along y and z, in pixels of the padded transform. */
  readonly reach: number;
}

/**
 * The field of a box whose content ends within it, with `measured` (`[edge, edge, floor(edge / 2) + 1]`, absent where all
 * was) saying how far each frequency of it was. What was not measured is 0 in the field.
 */
export function createReferenceField(
  box: Float32Array,
  edge: number,
  { measured, largestFrequency }: { readonly measured?: Float32Array | undefined; readonly largestFrequency: number },
): ReferenceField {
  const padded = PADDING * edge;
  const fft = createFft3([padded, padded, padded]);
  const spectrum = fft.createSpectrum();
  fft.forward(padBox(box, edge, padded), spectrum);
  const reach = PADDING * largestFrequency + 2;
  const width = 2 * reach + 1;
  const cells = new Float32Array(width * width * (reach + 1) * 4);
  for (let z = -reach, at = 0; z <= reach; z++)
    for (let y = -reach; y <= reach; y++)
      for (let x = 0; x <= reach; x++, at += 4) {
        const share = measured ? measuredAt(measured, edge, x / PADDING, y / PADDING, z / PADDING) : 1;
        // Phases count from the centre, voxel `edge` of the padded box: every odd frequency changes its sign.
        const sign = ((x + y + z) & 1) === 0 ? share : -share;
        const from = 2 * ((((z + padded) % padded) * padded + ((y + padded) % padded)) * fft.halfWidth + x);
        cells[at] = sign * spectrum[from];
        cells[at + 1] = sign * spectrum[from + 1];
        cells[at + 2] = share;
      }
  return { edge, largestFrequency, cells, reach };
}

/** The box amid zeros, centre on centre, divided by what linear interpolation does to it: sinc^2 towards the faces. */
function padBox(box: Float32Array, edge: number, padded: number): Float32Array {
  const centre = centreIndex(edge);
  const correction = interpolationCorrection(edge, padded);
  const result = new Float32Array(padded ** 3);
  const first = padded / 2 - centre;
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++) {
      const row = ((first + z) * padded + first + y) * padded + first;
      const factor = correction[z] * correction[y];
      for (let x = 0; x < edge; x++, at++) result[row + x] = box[at] * factor * correction[x];
    }
  return result;
}

/** Linear interpolation in a half spectrum of weights. */
function measuredAt(measured: Float32Array, edge: number, x: number, y: number, z: number): number {
  const halfWidth = Math.floor(edge / 2) + 1;
  const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [cx, cy, cz] = [ix + (corner & 1), iy + ((corner >> 1) & 1), iz + (corner >> 2)];
    const weight = (1 - Math.abs(x - cx)) * (1 - Math.abs(y - cy)) * (1 - Math.abs(z - cz));
    if (weight === 0 || cx >= halfWidth) continue;
    sum += weight * measured[(((cz + edge) % edge) * edge + ((cy + edge) % edge)) * halfWidth + cx];
  }
  return sum;
}

/** The field at a frequency in Fourier pixels of the box: real, imaginary and how far it was measured go into `into`. */
export function sampleField(
  { cells, reach }: ReferenceField,
  x: number,
  y: number,
  z: number,
  into: Float64Array,
): void {
  const scale = x < 0 ? -PADDING : PADDING;
  const ux = scale * x;
  const uy = scale * y;
  const uz = scale * z;
  const ix = Math.floor(ux);
  const iy = Math.floor(uy);
  const iz = Math.floor(uz);
  const fx = ux - ix;
  const fy = uy - iy;
  const fz = uz - iz;
  const strideY = 4 * (reach + 1);
  const strideZ = strideY * (2 * reach + 1);
  const at = (reach + iz) * strideZ + (reach + iy) * strideY + 4 * ix;
  const near = 1 - fx;
  for (let channel = 0; channel < 3; channel++) {
    const a = at + channel;
    const b = a + strideZ;
    const low = (1 - fy) * (near * cells[a] + fx * cells[a + 4]);
    const high = fy * (near * cells[a + strideY] + fx * cells[a + strideY + 4]);
    const lowNext = (1 - fy) * (near * cells[b] + fx * cells[b + 4]);
    const highNext = fy * (near * cells[b + strideY] + fx * cells[b + strideY + 4]);
    into[channel] = (1 - fz) * (low + high) + fz * (lowNext + highNext);
  }
  if (x < 0) into[1] = -into[1];
}
