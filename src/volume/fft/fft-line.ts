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

/** A transform of any length: radix 4 for powers of two, factors of 3 and 5 split off, and Bluestein's algorithm for the rest. */
export function createFftLine(length: number): FftLine {
  if (length === 1) return { length, forward: (input, output) => output.set(input) };
  if ((length & (length - 1)) === 0) {
    const plan = new FFT(length);
    return { length, forward: (input, output) => plan.transform(output, input) };
  }
  const radix = [3, 5].find((factor) => length % factor === 0);
  return radix ? createSplit(length, radix) : createBluestein(length);
}

/**
 * Decimation in time (Cooley and Tukey 1965): every `radix`-th value is transformed on its own, and with m = length / radix and
 * w = exp(-2 pi i / length) `X[k + q m] = sum_s w^(s q m) (w^(s k) Y_s[k])`.
 */
function createSplit(length: number, radix: number): FftLine {
  const part = length / radix;
  const line = createFftLine(part);
  const input = new Float64Array(2 * part);
  const transformed = new Float64Array(2 * part);
  /** `[k, s]`: the parts' values at k after their turn by w^(s k), and those turns. */
  const turned = new Float64Array(2 * length);
  const turns = new Float64Array(2 * length);
  for (let k = 0; k < part; k++)
    for (let s = 0; s < radix; s++) turns.set(rootOfOne(s * k, length), 2 * (k * radix + s));
  const combine = radix === 3 ? combineThree : createCombine(radix);
  return {
    length,
    forward(values, output) {
      for (let s = 0; s < radix; s++) {
        for (let j = 0, at = 2 * s; j < 2 * part; j += 2, at += 2 * radix) {
          input[j] = values[at];
          input[j + 1] = values[at + 1];
        }
        line.forward(input, transformed);
        for (let k = 0, at = 2 * s; k < 2 * part; k += 2, at += 2 * radix) {
          turned[at] = turns[at] * transformed[k] - turns[at + 1] * transformed[k + 1];
          turned[at + 1] = turns[at] * transformed[k + 1] + turns[at + 1] * transformed[k];
        }
      }
      combine(turned, output);
    },
  };
}

/** exp(-2 pi i power / length) as real and imaginary part. */
export function rootOfOne(power: number, length: number): [number, number] {
  const angle = (2 * Math.PI * (power % length)) / length;
  return [Math.cos(angle), -Math.sin(angle)];
}

/** Transforms of three values each, `[k, s]` to `[q, k]`. */
function combineThree(turned: Float64Array, output: Float64Array): void {
  const half = Math.sqrt(3) / 2;
  const step = turned.length / 3;
  for (let at = 0, to = 0; to < step; at += 6, to += 2) {
    const re = turned[at];
    const im = turned[at + 1];
    const sumRe = turned[at + 2] + turned[at + 4];
    const sumIm = turned[at + 3] + turned[at + 5];
    const turnRe = half * (turned[at + 3] - turned[at + 5]);
    const turnIm = half * (turned[at + 4] - turned[at + 2]);
    output[to] = re + sumRe;
    output[to + 1] = im + sumIm;
    output[to + step] = re - sumRe / 2 + turnRe;
    output[to + step + 1] = im - sumIm / 2 + turnIm;
    output[to + 2 * step] = re - sumRe / 2 - turnRe;
    output[to + 2 * step + 1] = im - sumIm / 2 - turnIm;
  }
}

/** The same of `radix` values each. */
function createCombine(radix: number) {
  const roots = Float64Array.from({ length: 2 * radix }, (_, i) => rootOfOne(i >> 1, radix)[i & 1]);
  return (turned: Float64Array, output: Float64Array): void => {
    const step = turned.length / radix;
    for (let q = 0; q < radix; q++)
      for (let at = 0, to = q * step; at < turned.length; at += 2 * radix, to += 2) {
        let re = turned[at];
        let im = turned[at + 1];
        for (let s = 1; s < radix; s++) {
          const turn = 2 * ((s * q) % radix);
          re += roots[turn] * turned[at + 2 * s] - roots[turn + 1] * turned[at + 2 * s + 1];
          im += roots[turn] * turned[at + 2 * s + 1] + roots[turn + 1] * turned[at + 2 * s];
        }
        output[to] = re;
        output[to + 1] = im;
      }
  };
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
