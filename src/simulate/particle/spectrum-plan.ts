import { type Fft3, wedgeMask } from "../../volume/index.js";

/**
 * The frequencies of a half spectrum that a tilt series measures, sorted by how a real volume constrains them. Indices
 * count complex values; `squared` is kx^2 + ky^2 + kz^2 in Fourier pixels, the row of a radial table.
 */
export interface SpectrumPlan {
  /** All measured frequencies but zero. */
  readonly measured: Int32Array;
  /** Of each measured frequency: its radius squared. */
  readonly squared: Int32Array;
  /** Of each: 2 when its mirror image lies in the half that is not stored, else 1. */
  readonly weight: Uint8Array;
  /** Of each: where its mirror image is stored, itself when it is its own image, or -1 when it is not stored. */
  readonly mirror: Int32Array;
  /** Room for a complex normal deviate of each. */
  readonly deviates: Float64Array;
}

/** The plan for a cubic box and a symmetric tilt range about an axis. */
export function spectrumPlan({ shape: [n], halfWidth }: Fft3, tiltDegrees: number, tiltAxis: "x" | "y"): SpectrumPlan {
  const aboutY = wedgeMask([n, n, n], tiltDegrees);
  // The wedge about y depends on kz and |kx| alone, that about x on kz and |ky|.
  const aboutX = (index: number): number => {
    const [y, z] = [Math.floor(index / halfWidth) % n, Math.floor(index / (halfWidth * n))];
    return aboutY[z * n * halfWidth + Math.min(y, n - y)];
  };
  const mask = tiltAxis === "y" ? aboutY : aboutY.map((_, index) => aboutX(index));
  const [measured, squared, weight, mirror]: [number[], number[], number[], number[]] = [[], [], [], []];
  const signed = (k: number) => (k <= n / 2 ? k : k - n);
  const opposite = (k: number) => (n - k) % n;
  for (let index = 1; index < mask.length; index++) {
    if (!mask[index]) continue;
    const kx = index % halfWidth;
    const ky = Math.floor(index / halfWidth) % n;
    const kz = Math.floor(index / (halfWidth * n));
    const selfMirrored = kx === 0 || 2 * kx === n;
    measured.push(index);
    squared.push(kx ** 2 + signed(ky) ** 2 + signed(kz) ** 2);
    weight.push(selfMirrored ? 1 : 2);
    mirror.push(selfMirrored ? (opposite(kz) * n + opposite(ky)) * halfWidth + kx : -1);
  }
  return {
    measured: Int32Array.from(measured),
    squared: Int32Array.from(squared),
    weight: Uint8Array.from(weight),
    mirror: Int32Array.from(mirror),
    deviates: new Float64Array(2 * measured.length),
  };
}
