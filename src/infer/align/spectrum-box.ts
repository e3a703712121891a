import { centreIndex, createFft3 } from "../../volume/index.js";

/**
 * Takes the box of a spectrum whose phases are counted from the centre, and back. Holds a plan, so it serves one caller at a time.
 */
export interface SpectrumBox {
  readonly edge: number;
  /** Voxels of a centred half spectrum; the spectrum is left as it was. */
  boxOf(spectrum: ArrayLike<number>): Float32Array;
  /** The centred half spectrum of a box: real and imaginary parts in turn. */
  spectrumOf(box: Float32Array): Float64Array;
}

export function createSpectrumBox(edge: number): SpectrumBox {
  const fft = createFft3([edge, edge, edge]);
  const { halfWidth } = fft;
  const { cosines, sines } = centringPhases(edge);
  /** Multiplies by exp(direction * 2 pi i k c / edge). */
  function turnPhases(spectrum: Float64Array, direction: 1 | -1): void {
    for (let z = 0, at = 0; z < edge; z++)
      for (let y = 0; y < edge; y++)
        for (let x = 0; x < halfWidth; x++, at += 2) {
          const phase = (x + y + z) % edge;
          const [cosine, sine] = [cosines[phase], direction * sines[phase]];
          const [real, imaginary] = [spectrum[at], spectrum[at + 1]];
          spectrum[at] = cosine * real - sine * imaginary;
          spectrum[at + 1] = cosine * imaginary + sine * real;
        }
  }
  return {
    edge,
    boxOf(spectrum) {
      const copy = Float64Array.from(spectrum);
      turnPhases(copy, -1);
      const box = new Float32Array(edge ** 3);
      fft.inverse(copy, box);
      return box;
    },
    spectrumOf(box) {
      const spectrum = fft.createSpectrum();
      fft.forward(box, spectrum);
      turnPhases(spectrum, 1);
      return spectrum;
    },
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
