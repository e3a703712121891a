import type { ImagingConditions, ImagingOptions } from "../../simulate/index.js";
import type { AfterProcessing } from "./processing.js";

/** One way in which a user's particles can differ from those the default model was made for. */
export interface RobustnessCondition {
  readonly name: string;
  readonly description: string;
  /** Options of the renderer; a voxel size other than the network's means boxes rescaled to it, as `classify` does. */
  readonly imaging?: Partial<ImagingOptions>;
  /** What every particle's imaging is, rather than drawn from the options. */
  readonly conditions?: Partial<ImagingConditions>;
  /** Neighbours in every box, not in every second one. */
  readonly allCrowded?: boolean;
  /** What is done to the finished volume. */
  readonly processing?: AfterProcessing;
}

/** The particles of the plain benchmark; all other conditions are compared with it. */
export const CLEAN: RobustnessCondition = { name: "clean", description: "as in the plain benchmark" };

export const robustnessConditions: readonly RobustnessCondition[] = [
  { name: "off-centre", description: "centres up to 3 voxels off", conditions: { shiftVoxels: 3 } },
  { name: "scale-95", description: "particles 5 % too small", conditions: { scale: 0.95 } },
  { name: "scale-105", description: "particles 5 % too large", conditions: { scale: 1.05 } },
  { name: "defocus-2-3", description: "2 to 3 µm underfocus", imaging: { defocusMicrometre: [2, 3] } },
  { name: "defocus-6-8", description: "6 to 8 µm underfocus", imaging: { defocusMicrometre: [6, 8] } },
  { name: "no-ctf", description: "no contrast transfer function", conditions: { contrastTransfer: false } },
  { name: "ctf-flipped", description: "its phases flipped", processing: "phase-flip" },
  { name: "deconvolved", description: "deconvolved (Wiener)", processing: "deconvolution" },
  { name: "white-noise", description: "white noise, in the missing wedge too", conditions: { whiteNoise: true } },
  { name: "gaussian", description: "Gaussian filter, 40 Å at half maximum", conditions: { lowPassAngstrom: 40 } },
  { name: "low-pass", description: "nothing finer than 40 Å", conditions: { cutoffAngstrom: 40 } },
  { name: "median", description: "median filter of 3 x 3 x 3 voxels", processing: "median" },
  { name: "tilt-40", description: "tilts to 40 degrees", conditions: { tiltDegrees: 40 } },
  { name: "tilt-50", description: "tilts to 50 degrees", conditions: { tiltDegrees: 50 } },
  { name: "tilt-70", description: "tilts to 70 degrees", conditions: { tiltDegrees: 70 } },
  { name: "tilt-axis-x", description: "tilted about x instead of y", conditions: { tiltAxis: "x" } },
  { name: "voxel-8", description: "voxels of 8 Å, rescaled", imaging: { voxelSizeAngstrom: 8 } },
  { name: "voxel-12", description: "voxels of 12 Å, rescaled", imaging: { voxelSizeAngstrom: 12 } },
  { name: "voxel-15", description: "voxels of 15 Å, rescaled", imaging: { voxelSizeAngstrom: 15 } },
  { name: "crowded", description: "twice the neighbours, in all boxes", imaging: { crowding: 12 }, allCrowded: true },
  { name: "detector-soft", description: "a soft detector", conditions: { mtfFrequency: 0.2 } },
  { name: "detector-ideal", description: "a perfect detector", conditions: { mtfFrequency: 10 } },
  { name: "blurred", description: "density blurred by 16 Å", conditions: { blurAngstrom: 16 } },
  { name: "clipped", description: "8-bit, clipped at 2 s.d.", processing: "clip" },
  { name: "outliers", description: "8 voxels of 15 s.d.", processing: "outliers" },
  { name: "inverted", description: "protein dark, taken for bright", processing: "invert" },
];
