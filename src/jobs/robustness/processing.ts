import { contrastTransfer, defaultImaging } from "../../simulate/index.js";
import { createFft3, normaliseInPlace, type Random } from "../../volume/index.js";

/** What users do, or let happen, to tomograms before they classify their particles. */
export type AfterProcessing = "invert" | "phase-flip" | "deconvolution" | "median" | "clip" | "outliers";

export interface ProcessedParticle {
  /** Changed in place; zero mean and unit variance afterwards. */
  readonly volume: Float32Array;
  readonly defocusMicrometre: number;
  readonly random: Random;
}

/** After-processing of cubic boxes of `edge` voxels; it owns scratch memory, so use one per thread. */
export function createProcessing(
  kind: AfterProcessing,
  { edge, voxelSizeAngstrom }: { readonly edge: number; readonly voxelSizeAngstrom: number },
): (particle: ProcessedParticle) => void {
  const filter = createRadialFilter(edge, voxelSizeAngstrom);
  const process: Record<AfterProcessing, (particle: ProcessedParticle) => void> = {
    invert({ volume }) {
      for (let i = 0; i < volume.length; i++) volume[i] = -volume[i]!;
    },
    "phase-flip"({ volume, defocusMicrometre }) {
      const optics = { ...defaultImaging, defocusMicrometre };
      filter(volume, (frequency) => Math.sign(contrastTransfer(frequency, optics)) || 1);
    },
    deconvolution({ volume, defocusMicrometre }) {
      const optics = { ...defaultImaging, defocusMicrometre };
      filter(volume, (frequency) => deconvolution(contrastTransfer(frequency, optics), frequency));
    },
    median: ({ volume }) => medianFilter(volume, edge),
    clip({ volume }) {
      for (let i = 0; i < volume.length; i++)
        volume[i] = Math.round(127 * Math.max(-1, Math.min(1, volume[i]! / CLIP_DEVIATIONS)));
    },
    outliers({ volume, random }) {
      for (let i = 0; i < OUTLIERS; i++)
        volume[random.integer(volume.length)] = random.pick([-1, 1]) * OUTLIER_DEVIATIONS;
    },
  };
  return (particle) => {
    process[kind](particle);
    normaliseInPlace(particle.volume);
  };
}

const CLIP_DEVIATIONS = 2;
const OUTLIERS = 8;
const OUTLIER_DEVIATIONS = 15;

/**
 * Wiener filter for a spectral signal-to-noise ratio that falls from 1000 by e every 0.005 / Å (to 7 at 40 Å): the usual
 * deconvolution of tomograms before they are looked at (Tegunov and Cramer, Nature Methods 16, 2019).
 */
function deconvolution(contrast: number, frequencyPerAngstrom: number): number {
  const ratio = 1000 * Math.exp(-200 * frequencyPerAngstrom);
  return contrast / (contrast ** 2 + 1 / ratio);
}

/** Multiplies a box's spectrum by a function of spatial frequency (1/Å). */
function createRadialFilter(edge: number, voxelSizeAngstrom: number) {
  const fft = createFft3([edge, edge, edge]);
  const spectrum = fft.createSpectrum();
  const table = new Float64Array(3 * Math.floor(edge / 2) ** 2 + 1);
  const signed = (k: number): number => (k <= edge / 2 ? k : k - edge);
  return (volume: Float32Array, transfer: (frequencyPerAngstrom: number) => number): void => {
    for (let r2 = 0; r2 < table.length; r2++) table[r2] = transfer(Math.sqrt(r2) / (edge * voxelSizeAngstrom));
    fft.forward(volume, spectrum);
    for (let z = 0, at = 0; z < edge; z++)
      for (let y = 0; y < edge; y++) {
        const r2 = signed(z) ** 2 + signed(y) ** 2;
        for (let x = 0; x < fft.halfWidth; x++, at += 2) {
          const factor = table[r2 + x * x]!;
          spectrum[at]! *= factor;
          spectrum[at + 1]! *= factor;
        }
      }
    fft.inverse(spectrum, volume);
  };
}

/** Each voxel becomes the median of the 27 around it; the box is continued periodically, as the renderer's is. */
function medianFilter(volume: Float32Array, edge: number): void {
  const source = volume.slice();
  const around = new Float32Array(27);
  const at = (i: number): number => (i + edge) % edge;
  for (let z = 0, out = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, out++) {
        let count = 0;
        for (let dz = -1; dz <= 1; dz++)
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++) {
              const value = source[(at(z + dz) * edge + at(y + dy)) * edge + at(x + dx)]!;
              let place = count++; // insertion sort: the fastest for so few
              for (; place > 0 && around[place - 1]! > value; place--) around[place] = around[place - 1]!;
              around[place] = value;
            }
        volume[out] = around[13]!;
      }
}
