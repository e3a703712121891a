import type { Volume } from "../../../volume/index.js";
import { type ReconstructOptions, reconstruct } from "../projection/reconstruct.js";
import type { RowRange } from "../projection/row-group.js";
import { type MeasuredBoxes, medianVariance, noiseFactor } from "./noise-level.js";
import { createImageFormer, type NoiseKind } from "./tilt-image.js";
import type { TiltSeries } from "./tilt-imaging.js";

/** Which noise a series gets. */
export interface NoiseOptions {
  readonly seed: string | number;
  readonly kind?: NoiseKind;
  /** Multiplies the planned dose; the noise's variance falls as one over it. */
  readonly doseFactor?: number;
  /** Of the specimen, for the loss of electrons in the ice. */
  readonly thicknessAngstrom: number;
  /** Memory for the images. */
  readonly into?: Float32Array;
}

/** The noise alone of a noise-free series: `[tilts, ny, nx]`, in the same contrast. */
export function noiseSeries(series: TiltSeries, options: NoiseOptions): TiltSeries {
  const noise = options.into ?? new Float32Array(series.images.length);
  fillNoise(series, noise, options, { first: 0, end: series.shape[0] });
  return { ...series, images: noise };
}

/** Writes the noise of some images of a series to the same range of `noise`. */
export function fillNoise(series: TiltSeries, noise: Float32Array, options: NoiseOptions, tilts: RowRange): void {
  const { images, shape } = series;
  const { seed, kind = "gaussian", doseFactor = 1, thicknessAngstrom } = options;
  const [, ny, nx] = shape;
  const former = createImageFormer(series, thicknessAngstrom);
  for (let tilt = tilts.first; tilt < tilts.end; tilt++) {
    const range = [tilt * ny * nx, (tilt + 1) * ny * nx] as const;
    former.noise(noise.subarray(...range), tilt, { seed, kind, doseFactor, noiseFree: images.subarray(...range) });
  }
}

/** What draws noise, reconstructs and measures: this thread, or several. */
export interface ImagingEngine {
  noiseSeries(series: TiltSeries, options: NoiseOptions): TiltSeries | Promise<TiltSeries>;
  reconstruct(...job: Parameters<typeof reconstruct>): Volume | Promise<Volume>;
  /** See `medianVariance`. */
  medianVariance(field: Volume, boxes: MeasuredBoxes | undefined): number | Promise<number>;
}

export interface NoiseAtSnrOptions {
  /** Signal-to-noise ratio in the reconstruction: variance of the signal over variance of the noise; Infinity for none. */
  readonly snr: number;
  /** Of what counts as signal in the reconstruction without noise. */
  readonly signalVariance: number;
  readonly seed: string | number;
  readonly kind?: NoiseKind;
  /** Of the reconstruction, in voxels. */
  readonly nz: number;
  /** Variances are medians over these; of the whole volume when absent. */
  readonly boxes?: MeasuredBoxes;
  readonly reconstruct?: Partial<ReconstructOptions>;
  /** Memory for the results, as long as the volume and the images; that of the volume is asked for when the images are drawn. */
  readonly into?: { readonly volume: () => Promise<Float32Array>; readonly images: Float32Array };
}

/** Noise of a series and its reconstruction; both times `factor` are what brings a tomogram to a ratio. */
export interface NoiseAtSnr {
  readonly images: Float32Array;
  readonly field: Volume;
  readonly factor: number;
}

const thisThread: ImagingEngine = {
  noiseSeries,
  reconstruct,
  medianVariance: ({ data, shape }, boxes) => medianVariance(data, shape, boxes),
};

/**
 * The noise that gives a tomogram a stated signal-to-noise ratio. Reconstruction is linear, so noise is reconstructed alone and
 * scaled, and several ratios share images and reconstruction without noise. Counts are drawn at the dose that gives the
 * ratio, found from normal noise; what their own chance leaves, a percent or two in a small tomogram, is scaled out.
 * @throws ConfigError when the ratio is impossible or there is no signal.
 */
export async function noiseAtSnr(
  series: TiltSeries,
  { snr, signalVariance, seed, kind = "gaussian", nz, boxes, into, ...options }: NoiseAtSnrOptions,
  engine: ImagingEngine = thisThread,
): Promise<NoiseAtSnr> {
  const common = { seed, thicknessAngstrom: nz * series.pixelSizeAngstrom, ...(into && { into: into.images }) };
  const reconstructed = async (noise: TiltSeries) =>
    engine.reconstruct(noise, { ...options.reconstruct, nz, ...(into && { into: await into.volume() }) });
  const toRatio = async (field: Volume) => noiseFactor(signalVariance, await engine.medianVariance(field, boxes), snr);
  let noise = await engine.noiseSeries(series, common);
  let field = await reconstructed(noise);
  let factor = await toRatio(field);
  if (kind === "poisson" && factor > 0) {
    noise = await engine.noiseSeries(series, { ...common, kind, doseFactor: 1 / factor ** 2 });
    field = await reconstructed(noise);
    factor = await toRatio(field);
  }
  return { images: noise.images, field, factor };
}
