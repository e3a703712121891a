import { ShapeError } from "../../errors.js";
import { centreIndex, createFft3, type Shape3 } from "../../volume/index.js";

/**
 * A particle as alignment and averaging see it. Whatever it was made of (a box cut from a tomogram, a stack of tilt images),
 * its spectrum is taken for `weight * R + sqrt(weight) * noise`, where R is the spectrum of what is there, turned and shifted,
 * and the noise depends on the spatial frequency alone.
 */
export interface Subtomogram {
  readonly edge: number;
  /**
   * `[edge, edge, floor(edge / 2) + 1]` complex values as `Fft3` orders them, real and imaginary parts in turn, phases counted
   * from voxel floor(edge / 2).
   */
  readonly spectrum: Float32Array;
  /**
   * `[edge, edge, floor(edge / 2) + 1]`: how much of each frequency was measured. 0 in the missing wedge and 1 elsewhere for a
   * box whose contrast transfer is not known; sampling times CTF^2 for one that was multiplied by its CTF.
   */
  readonly weight: Float32Array;
}

/**
 * Makes subtomograms of boxes of one edge; holds a plan, so it serves one caller at a time. What the weight says was not
 * measured is left out of the spectrum.
 * @throws ShapeError (from the function) when box or weight do not fit the edge.
 */
export function createSubtomogramMaker(edge: number): (box: Float32Array, weight: Float32Array) => Subtomogram {
  const shape: Shape3 = [edge, edge, edge];
  const fft = createFft3(shape);
  const { halfWidth } = fft;
  const transformed = fft.createSpectrum();
  const { cosines, sines } = centringPhases(edge);
  return (box, weight) => {
    if (weight.length !== edge * edge * halfWidth)
      throw new ShapeError(`a box of ${edge}^3 voxels takes ${edge * edge * halfWidth} weights, got ${weight.length}`);
    fft.forward(box, transformed);
    const spectrum = new Float32Array(transformed.length);
    for (let z = 0, at = 0; z < edge; z++)
      for (let y = 0; y < edge; y++)
        for (let x = 0; x < halfWidth; x++, at++) {
          if (weight[at] === 0) continue;
          const phase = (x + y + z) % edge;
          const [real, imaginary] = [transformed[2 * at], transformed[2 * at + 1]];
          spectrum[2 * at] = cosines[phase] * real - sines[phase] * imaginary;
          spectrum[2 * at + 1] = cosines[phase] * imaginary + sines[phase] * real;
        }
    return { edge, spectrum, weight };
  };
}

/** exp(2 pi i k c / edge) for k of 0 to edge - 1, c the centre's index: it moves the origin of the phases to the centre. */
export function centringPhases(edge: number): { readonly cosines: Float64Array; readonly sines: Float64Array } {
  const angle = (2 * Math.PI * centreIndex(edge)) / edge;
  return {
    cosines: Float64Array.from({ length: edge }, (_, k) => Math.cos(k * angle)),
    sines: Float64Array.from({ length: edge }, (_, k) => Math.sin(k * angle)),
  };
}
