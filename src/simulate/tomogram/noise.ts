import { type Volume, voxelCount } from "../../volume/index.js";
import { addScaled, fieldVariance, type MeasuredBoxes, noiseFactor } from "./noise-level.js";
import { type ReconstructOptions, reconstruct } from "./reconstruct.js";
import { createImageFormer, type NoiseKind } from "./tilt-image.js";
import type { TiltSeries } from "./tilt-series.js";

export interface NoiseOptions {
  readonly seed: string | number;
  readonly kind?: NoiseKind;
  /** Multiplies the planned dose; the noise's variance falls as one over it. */
  readonly doseFactor?: number;
  /** Of the specimen, for the loss of electrons in the ice. */
  readonly thicknessAngstrom: number;
}

/** The noise alone of a noise-free series: `[tilts, ny, nx]`, in the same contrast. */
export function noiseSeries(series: TiltSeries, options: NoiseOptions): TiltSeries {
  const { images, shape, pixelSizeAngstrom, plan } = series;
  const { seed, kind = "gaussian", doseFactor = 1, thicknessAngstrom } = options;
  const [tiltCount, ny, nx] = shape;
  const noise = new Float32Array(images.length);
  const former = createImageFormer({ ny, nx, pixelSizeAngstrom, thicknessAngstrom, plan });
  for (let tilt = 0; tilt < tiltCount; tilt++) {
    const range = [tilt * ny * nx, (tilt + 1) * ny * nx] as const;
    former.noise(noise.subarray(...range), tilt, { seed, kind, doseFactor, signal: images.subarray(...range) });
  }
  return { ...series, images: noise };
}

/**
 * A tomogram at a stated signal-to-noise ratio, with its noisy images. `signal` is the reconstruction of `series` with the
 * same options: several ratios share it. Counts are drawn at the dose that gives the ratio, found from normal noise; what
 * their own chance leaves, a percent or two in a small tomogram, is scaled out.
 */
export function reconstructAtSnr(
  series: TiltSeries,
  signal: Volume,
  options: Pick<NoiseOptions, "seed" | "kind"> & {
    readonly snr: number;
    readonly boxes?: MeasuredBoxes;
    readonly reconstruct?: Partial<ReconstructOptions>;
  },
): { readonly tomogram: Volume; readonly images: Float32Array } {
  const { snr, seed, kind = "gaussian", boxes } = options;
  const nz = signal.shape[0];
  const thicknessAngstrom = nz * signal.voxelSizeAngstrom;
  const signalVariance = fieldVariance(signal.data, signal.shape, boxes);
  let noise = noiseSeries(series, { seed, thicknessAngstrom });
  let field = reconstruct(noise, { ...options.reconstruct, nz });
  const toRatio = () => noiseFactor(signalVariance, fieldVariance(field.data, field.shape, boxes), snr);
  let factor = toRatio();
  if (kind === "poisson" && factor > 0) {
    noise = noiseSeries(series, { seed, kind, doseFactor: 1 / factor ** 2, thicknessAngstrom });
    field = reconstruct(noise, { ...options.reconstruct, nz });
    factor = toRatio();
  }
  const images = new Float32Array(series.images.length);
  addScaled(series.images, noise.images, factor, images);
  const data = new Float32Array(voxelCount(signal.shape));
  addScaled(signal.data, field.data, factor, data);
  return { tomogram: { ...signal, data }, images };
}
