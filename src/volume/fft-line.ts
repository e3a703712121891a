import FFT from "fft.js";

/** A one-dimensional complex Fourier transform of a fixed length. */
export interface FftLine {
  readonly length: number;
  /**
   * Forward transform, unscaled: `output[k] = sum_j input[j] exp(-2 pi i j k / n)`. Both arrays hold `2 * length`
   * values, real and imaginary parts in turn, and must be different arrays.
   *
   * The inverse needs no second function: swap real and imaginary parts of what goes in and of what comes out, and
   * divide by `length`.
   */
  forward(input: Float64Array, output: Float64Array): void;
}

/** A transform of any length: radix 4 for powers of two, Bluestein's algorithm on top of it for the rest. */
export function createFftLine(length: number): FftLine {
  if (length === 1) return { length, forward: (input, output) => output.set(input) };
  if ((length & (length - 1)) === 0) {
    const plan = new FFT(length);
    return { length, forward: (input, output) => plan.transform(output, input) };
  }
  return createBluestein(length);
}

/**
 * Bluestein (1970): with jk = (j^2 + k^2 - (k - j)^2) / 2 the transform becomes a convolution with a chirp,
 * `X[k] = c[k] sum_j (x[j] c[j]) conj(c[k - j])`, `c[j] = exp(-pi i j^2 / n)`, done in a power-of-two length >= 2n - 1.
 */
function createBluestein(length: number): FftLine {
  let padded = 2;
  while (padded < 2 * length - 1) padded *= 2;
  const plan = new FFT(padded);
  const chirp = new Float64Array(2 * length);
  for (let j = 0; j < length; j++) {
    const angle = (Math.PI * ((j * j) % (2 * length))) / length; // the chirp repeats every 2n: keeps the angle small
    chirp[2 * j] = Math.cos(angle);
    chirp[2 * j + 1] = -Math.sin(angle);
  }
  const kernel = new Float64Array(2 * padded);
  for (let j = 0; j < length; j++) {
    const mirror = j === 0 ? 0 : padded - j;
    kernel[2 * j] = kernel[2 * mirror] = chirp[2 * j];
    kernel[2 * j + 1] = kernel[2 * mirror + 1] = -chirp[2 * j + 1];
  }
  const kernelSpectrum = new Float64Array(2 * padded);
  plan.transform(kernelSpectrum, kernel);
  const line = new Float64Array(2 * padded);
  const spectrum = new Float64Array(2 * padded);
  return {
    length,
    forward(input, output) {
      line.fill(0, 2 * length);
      for (let j = 0; j < 2 * length; j += 2) {
        const [re, im, cos, sin] = [input[j], input[j + 1], chirp[j], chirp[j + 1]];
        line[j] = re * cos - im * sin;
        line[j + 1] = re * sin + im * cos;
      }
      plan.transform(spectrum, line);
      for (let k = 0; k < 2 * padded; k += 2) {
        const [re, im, kre, kim] = [spectrum[k], spectrum[k + 1], kernelSpectrum[k], kernelSpectrum[k + 1]];
        spectrum[k] = re * kim + im * kre; // real and imaginary parts swapped: the next forward transform inverts
        spectrum[k + 1] = re * kre - im * kim;
      }
      plan.transform(line, spectrum);
      for (let k = 0; k < 2 * length; k += 2) {
        const [re, im, cos, sin] = [line[k + 1] / padded, line[k] / padded, chirp[k], chirp[k + 1]];
        output[k] = re * cos - im * sin;
        output[k + 1] = re * sin + im * cos;
      }
    },
  };
}
