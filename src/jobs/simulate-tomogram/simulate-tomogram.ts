import { join } from "node:path";
import { countText } from "../../count-text.js";
import {
  openStages,
  packageVersion,
  type StageRecord,
  type StageTime,
  writeFileAtomic,
} from "../../files/disk/index.js";
import type { PackingReport } from "../../simulate/index.js";
import { chooseSubtomograms, measuredBoxes } from "./boxes.js";
import { folderOf, NOISE_FREE, tomogramIn } from "./files.js";
import { imagingStages, specimenStage, type TomogramInMaking } from "./imaging-stages.js";
import { createTomogramWorkers, type TomogramWorkers } from "./imaging-workers.js";
import { allParticlesList, type ListContext, structuresList, tomogramsList } from "./lists.js";
import { fingerprint, parametersText, type SimulateTomogramOptions, SNR_DEFINITION } from "./options.js";
import { type ParticleSignal, WHOLE_VOLUME_WARNING } from "./particle-signal.js";
import { type TomogramSettings, tomogramSettings } from "./settings.js";
import type { SpecimenTruth } from "./specimen.js";
import { openStageRun, type Stage } from "./stages.js";
import { type KeptVolumes, keptVolumes } from "./volumes.js";

/** What `simulateTomogram` wrote. */
export interface SimulatedTomogram {
  readonly folder: string;
  readonly parametersFile: string;
  readonly reportFile: string;
  /** One for each signal-to-noise ratio. */
  readonly tomograms: readonly string[];
  readonly classNames: readonly string[];
  readonly report: PackingReport;
  readonly subtomogramCount: number;
  /** Stages that ran now; those found done are not among them. */
  readonly times: readonly StageTime[];
}

/**
 * Simulates whole tomograms with their ground truth: packs a specimen, projects it to a tilt series, reconstructs it without
 * noise and at each ratio, cuts out subtomograms. All ratios share specimen and noise-free images. Writes
 *
 * - `specimen/`: density (kDa a voxel), class and instance labels (MRC), the exact truth and the signal's variance (JSON)
 * - `particles.star`, `tomograms.star` (RELION 5), `structures.star`: positions and orientations
 * - `tilt-series/`: noise-free images (MRC stack), `tilts.star`, `tilts.rawtlt`
 * - `snr-*`: `tomogram.mrc`, noisy `tilt-series.mrc`, `particles.star` of the subtomograms (pixels from the first voxel),
 *   `data.npy`, `data_seg.npy`, `cnt.npy` and `subtomograms/*.mrc`, `masks/*.mrc`, `tomogram.ome.zarr` where asked for
 * - `tomogram.json`: every parameter; `report.html`: pictures; `stages.json`: what is done; `timings.json`: how long it took
 *
 * A run that was stopped continues with the first stage that is not done. The same parameters, structures and seed give the
 * same bytes, timings and report aside, with any number of threads.
 * @throws ConfigError, FileError, FormatError, AbortError
 */
export async function simulateTomogram(options: SimulateTomogramOptions): Promise<SimulatedTomogram> {
  const start = performance.now();
  const settings = await tomogramSettings(options);
  const { outputFolder: folder, parameters, seed, onWarning } = settings;
  const names = parameters.snrs.map(folderOf);
  const record = await openStages(folder, {
    fingerprint: fingerprint(parameters, seed, settings.complexes),
    other: "a tomogram made with other parameters or structures",
    overwrite: settings.overwrite,
    remove: ["specimen", "tilt-series", NOISE_FREE, ...names],
  });
  await using workers = createTomogramWorkers(settings);
  const volumes = keptVolumes(settings);
  await using stages = openStageRun(folder, record);
  await stages.run([specimenStage(settings, volumes, workers)]);
  const truth = await volumes.truth.get();
  const { classNames, report } = truth;
  if (report.reason)
    onWarning?.(`${report.placed} of ${countText(report.requested, "particle")} placed. ${report.reason}`);
  const { shape, voxelSizeAngstrom } = parameters;
  const context = { shape, voxelSizeAngstrom, classNames, plan: settings.plan, comments: settings.comments };
  await writeLists(folder, truth, context);
  const boxes = chooseSubtomograms(truth.particles, settings);
  const measured = measuredBoxes(truth.particles, parameters);
  const isNoisy = parameters.snrs.some(Number.isFinite);
  if (isNoisy && !measured) onWarning?.(WHOLE_VOLUME_WARNING);
  await stages.run(imagingStages({ settings, volumes, workers, context, boxes, measured }));
  const signal = isNoisy ? await volumes.signal.get() : undefined;
  await writeFileAtomic(join(folder, "tomogram.json"), sidecar(truth, boxes, signal, settings));
  await stages.run([reportStage(truth, settings, { start, workers, volumes, ...record })]);
  await stages.finish();
  return {
    folder,
    parametersFile: join(folder, "tomogram.json"),
    reportFile: join(folder, "report.html"),
    tomograms: names.map((name) => join(folder, tomogramIn(name))),
    classNames,
    report,
    subtomogramCount: boxes.length,
    times: record.times,
  };
}

async function writeLists(folder: string, { particles, structures }: SpecimenTruth, context: ListContext) {
  await writeFileAtomic(join(folder, "particles.star"), allParticlesList(particles, context));
  await writeFileAtomic(join(folder, "tomograms.star"), tomogramsList(context));
  if (structures.length > 0)
    await writeFileAtomic(join(folder, "structures.star"), structuresList(structures, context));
}

/** Every parameter, and what came of them. */
function sidecar(
  { classNames, report }: SpecimenTruth,
  boxes: TomogramInMaking["boxes"],
  signal: ParticleSignal | undefined,
  { madeBy, seed, parameters, complexes, plan }: TomogramSettings,
): string {
  const classes = complexes.map(({ name, massKilodalton, source }, i) => ({
    classNumber: i + 1,
    name,
    massKilodalton: Number(massKilodalton.toFixed(1)),
    source,
    particles: report.placedPerClass[i],
    subtomograms: boxes.filter(({ particle }) => particle.complexIndex === i).length,
  }));
  const snrDefinition = SNR_DEFINITION;
  return `${parametersText({ madeBy, seed, snrDefinition, signal, parameters, classes, classNames, report, plan })}\n`;
}

interface ReportContext extends Pick<StageRecord, "earlierTimes"> {
  /** When the run began, as `performance.now()` gives it. */
  readonly start: number;
  readonly workers: TomogramWorkers;
  readonly volumes: Pick<KeptVolumes, "packing">;
}

function reportStage(
  { classNames, report }: SpecimenTruth,
  { outputFolder: folder, command, seed, parameters, plan }: TomogramSettings,
  { start, workers, volumes, earlierTimes }: ReportContext,
): Stage {
  return {
    name: "report",
    inputs: [],
    writes: ["report.html"],
    async run() {
      const packing = await volumes.packing.get();
      const durationNow = (performance.now() - start) / 1000;
      const durationSeconds = earlierTimes.reduce((sum, { seconds }) => sum + seconds, durationNow);
      const facts = [["signal-to-noise ratio", SNR_DEFINITION]] as const;
      const run = { command, seed: Number(seed), version: packageVersion(), durationSeconds, facts };
      await workers.writePage(folder, { parameters, classNames, report, plan, packing, run });
    },
  };
}
