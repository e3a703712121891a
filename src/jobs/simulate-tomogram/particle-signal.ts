/** The variance of the signal in a signal-to-noise ratio: that of the particles, whatever lies beside them. */
import { join } from "node:path";
import { FormatError } from "../../errors.js";
import { readJson } from "../../files/disk/index.js";
import type { MeasuredBoxes } from "../../simulate/index.js";
import type { Volume } from "../../volume/index.js";
import { SIGNAL_FILE } from "./files.js";
import type { TomogramWorkers } from "./imaging-workers.js";
import type { TomogramSettings } from "./settings.js";
import type { SpecimenTruth } from "./specimen.js";
import type { Kept } from "./stages.js";

/** Said where there is no box to measure in. */
export const WHOLE_VOLUME_WARNING =
  "no particle's box lies wholly inside the tomogram: signal-to-noise ratios are those of variances over the whole tomogram";

/** The signal's variance, as `specimen/signal.json` holds it. */
export interface ParticleSignal {
  readonly variance: number;
  /** Boxes it is the median of; 0 for the whole tomogram. */
  readonly boxes: number;
}

interface SignalVolumes {
  readonly truth: Kept<SpecimenTruth>;
  readonly instances: Kept<Uint16Array | Uint32Array>;
  readonly density: Kept<Volume>;
  readonly noiseFree: Kept<Volume>;
}

/**
 * Gold outshines particles a thousandfold, and its streaks reach every box of a small tomogram. So where there is more than
 * particles, the particles are imaged and reconstructed without it; where there is nothing else, they have been already.
 * @param boxes where it is measured; the whole tomogram when absent.
 */
export async function measureParticleSignal(
  boxes: MeasuredBoxes | undefined,
  volumes: SignalVolumes,
  settings: TomogramSettings,
  workers: TomogramWorkers,
): Promise<ParticleSignal> {
  const { particles, structures } = await volumes.truth.get();
  const field =
    particles.length > 0 && structures.length > 0
      ? await particlesAlone(volumes, settings, workers)
      : await volumes.noiseFree.get();
  return { variance: await workers.medianVariance(field, boxes), boxes: boxes?.centres.length ?? 0 };
}

async function particlesAlone(
  volumes: SignalVolumes,
  { plan, parameters: { shape, reconstruct } }: TomogramSettings,
  workers: TomogramWorkers,
): Promise<Volume> {
  const alone = await volumes.density.get();
  const density = alone.data;
  const { structures } = await volumes.truth.get();
  const labels = await volumes.instances.get();
  const others = new Set(structures.map(({ instance }) => instance));
  for (let i = 0; i < density.length; i++) if (others.has(labels[i]!)) density[i] = 0;
  const series = await workers.simulateTiltSeries(alone, plan);
  volumes.density.release(); // it is no longer what the file holds
  return await workers.reconstruct(series, { ...reconstruct, nz: shape[0], into: density });
}

/** @throws FormatError when the file is damaged. */
export async function readParticleSignal(folder: string): Promise<ParticleSignal> {
  const path = join(folder, SIGNAL_FILE);
  const signal = await readJson(path);
  if (!signal)
    throw new FormatError("the signal's variance cannot be read", path, {
      hint: "Make the tomogram again with --overwrite.",
    });
  return signal as ParticleSignal;
}
