/** A reference in one orientation, at the compared frequencies. */
import type { Matrix3 } from "../../volume/index.js";
import { band } from "./band.js";
import { fineIndex, fineStrides, PADDING } from "./padded-transform.js";
import { isMeasured, slopeOf } from "./rotated.js";

/** What is turned. */
export interface Turned {
  /** Its padded transform. */
  readonly fine: Float32Array;
  /** Maximum tilt angle that it was measured to; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
}

/** Numbers of the band's frequencies, `[band.count]` each. */
export interface Sampled {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export function createSampled(): Sampled {
  return { real: new Float64Array(band.count), imaginary: new Float64Array(band.count) };
}

const { x: NEXT_X, y: NEXT_Y, z: NEXT_Z } = fineStrides;

/**
 * Writes what rotation brings to some frequencies of the band, from between the pixels of the padded transform; zeros where it was not
 * measured. One loop without calls: numbers handed to a function that is not compiled into its caller are allocated, every one of them.
 */
export function sampleTurned(
  { fine, tiltDegrees }: Turned,
  [a, b, c, d, e, f, g, h, i]: Matrix3,
  frequencies: readonly number[],
  { real, imaginary }: Sampled,
): void {
  const slope = slopeOf(tiltDegrees);
  for (const k of frequencies) {
    const kx = band.x[k];
    const ky = band.y[k];
    const kz = band.z[k];
    // Where the frequency was before the rotation.
    const fromX = a * kx + d * ky + g * kz;
    const fromZ = c * kx + f * ky + i * kz;
    if (!isMeasured(fromX, fromZ, slope)) {
      real[k] = 0;
      imaginary[k] = 0;
      continue;
    }
    const side = fromX < 0 ? -1 : 1; // the transform has one half: the other is its mirror image
    const x = side * PADDING * fromX;
    const y = side * PADDING * (b * kx + e * ky + h * kz);
    const z = side * PADDING * fromZ;
    const ix = Math.floor(x);
    const iy = Math.floor(y);
    const iz = Math.floor(z);
    const u = x - ix;
    const v = y - iy;
    const w = z - iz;
    const both = v * w;
    const beside = v - both;
    const above = w - both;
    const here = 1 - beside - above - both;
    const near = fineIndex(ix, iy, iz);
    const far = near + NEXT_X;
    const nearReal =
      here * fine[near] +
      above * fine[near + NEXT_Z] +
      beside * fine[near + NEXT_Y] +
      both * fine[near + NEXT_Y + NEXT_Z];
    const farReal =
      here * fine[far] + above * fine[far + NEXT_Z] + beside * fine[far + NEXT_Y] + both * fine[far + NEXT_Y + NEXT_Z];
    const nearImaginary =
      here * fine[near + 1] +
      above * fine[near + NEXT_Z + 1] +
      beside * fine[near + NEXT_Y + 1] +
      both * fine[near + NEXT_Y + NEXT_Z + 1];
    const farImaginary =
      here * fine[far + 1] +
      above * fine[far + NEXT_Z + 1] +
      beside * fine[far + NEXT_Y + 1] +
      both * fine[far + NEXT_Y + NEXT_Z + 1];
    real[k] = nearReal + u * (farReal - nearReal);
    imaginary[k] = side * (nearImaginary + u * (farImaginary - nearImaginary));
  }
}
