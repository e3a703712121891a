import { ShapeError } from "../../errors.js";
import { createSpectrumBox } from "./spectrum-box.js";

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
  const transform = createSpectrumBox(edge);
  const weights = edge * edge * (Math.floor(edge / 2) + 1);
  return (box, weight) => {
    if (weight.length !== weights)
      throw new ShapeError(`a box of ${edge}^3 voxels takes ${weights} weights, got ${weight.length}`);
    const centred = transform.spectrumOf(box);
    const spectrum = new Float32Array(centred.length);
    for (let i = 0; i < spectrum.length; i++) if (weight[i >> 1] !== 0) spectrum[i] = centred[i];
    return { edge, spectrum, weight };
  };
}
