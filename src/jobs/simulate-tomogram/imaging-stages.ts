import { join } from "node:path";
import { writeFileAtomic } from "../../files/disk/index.js";
import { writeOmeZarr } from "../../files/tomogram/index.js";
import { type MeasuredBoxes, reconstructAtSnr } from "../../simulate/index.js";
import { createVolume, voxelCount } from "../../volume/index.js";
import { type ChosenBox, subtomogramList, writeBoxArrays, writeBoxFiles } from "./boxes.js";
import {
  folderOf,
  NOISE_FREE,
  NOISE_FREE_IMAGES,
  readInto,
  SIGNAL_FILE,
  SPECIMEN_FILES,
  tomogramIn,
  writeImages,
  writeVolume,
} from "./files.js";
import type { TomogramWorkers } from "./imaging-workers.js";
import { type ListContext, tiltsList } from "./lists.js";
import { SNR_DEFINITION, snrName } from "./options.js";
import { measureParticleSignal } from "./particle-signal.js";
import type { TomogramSettings } from "./settings.js";
import { makeSpecimen, truthOf, writeSpecimen } from "./specimen.js";
import type { Stage } from "./stages.js";
import type { KeptVolumes } from "./volumes.js";

/** Packs the specimen and writes it. */
export function specimenStage(settings: TomogramSettings, volumes: KeptVolumes): Stage {
  return {
    name: "specimen",
    inputs: [],
    writes: Object.values(SPECIMEN_FILES),
    async run() {
      const specimen = await makeSpecimen(settings);
      await writeSpecimen(specimen, settings);
      volumes.truth.put(truthOf(specimen));
      volumes.density.put(specimen.density);
      volumes.instances.put(specimen.instanceLabels);
    },
  };
}

/** What the stages after the specimen need to know of the tomogram that is made. */
export interface TomogramInMaking {
  readonly settings: TomogramSettings;
  readonly volumes: KeptVolumes;
  readonly workers: TomogramWorkers;
  readonly context: ListContext;
  /** The subtomograms that are cut, the same at every ratio. */
  readonly boxes: readonly ChosenBox[];
  /** Where signal and noise are measured; the whole tomogram when absent. */
  readonly measured: MeasuredBoxes | undefined;
}

/** Tilt series and reconstruction without noise, then everything of each signal-to-noise ratio. */
export function imagingStages(making: TomogramInMaking): Stage[] {
  const { settings, volumes, workers, context } = making;
  const { outputFolder, parameters, plan } = settings;
  const { shape, voxelSizeAngstrom, reconstruct, snrs } = parameters;
  return [
    {
      name: "projections",
      inputs: [volumes.density],
      writes: [NOISE_FREE_IMAGES, "tilt-series/tilts.star", "tilt-series/tilts.rawtlt"],
      async run() {
        const density = createVolume(shape, voxelSizeAngstrom, await volumes.density.get());
        const series = await workers.simulateTiltSeries(density, plan);
        volumes.images.put(series);
        await writeImages(NOISE_FREE_IMAGES, series, settings);
        await writeFileAtomic(join(outputFolder, "tilt-series/tilts.star"), tiltsList(context));
        const angles = plan.tilts.map(({ tiltDegrees }) => `${tiltDegrees.toFixed(2)}\n`).join("");
        await writeFileAtomic(join(outputFolder, "tilt-series/tilts.rawtlt"), angles);
      },
    },
    {
      name: `${NOISE_FREE} tomogram`,
      inputs: [volumes.images],
      writes: [tomogramIn(NOISE_FREE)],
      async run() {
        const clean = await workers.reconstruct(await volumes.images.get(), { ...reconstruct, nz: shape[0] });
        volumes.noiseFree.put(clean);
        await writeVolume(tomogramIn(NOISE_FREE), clean.data, clean, settings);
      },
    },
    ...(snrs.some(Number.isFinite) ? [signalStage(making)] : []),
    ...snrs.flatMap((snr) => ratioStages(snr, making)),
  ];
}

function signalStage({ settings, volumes, workers, measured }: TomogramInMaking): Stage {
  return {
    name: "signal",
    inputs: [volumes.noiseFree, volumes.instances, volumes.scratch],
    writes: [SIGNAL_FILE],
    async run() {
      const signal = await measureParticleSignal(measured, volumes, settings, workers);
      volumes.signal.put(signal);
      await writeFileAtomic(join(settings.outputFolder, SIGNAL_FILE), `${JSON.stringify(signal)}\n`);
    },
  };
}

function ratioStages(snr: number, making: TomogramInMaking): Stage[] {
  const { settings, volumes, context, boxes } = making;
  const { outputFolder, parameters, complexes, onProgress, signal } = settings;
  const { size, formats } = parameters.subtomograms;
  const name = folderOf(snr);
  const folder = join(outputFolder, name);
  const tomogram = snr === Infinity ? volumes.noiseFree : volumes.noisy(name);
  const inputs = [tomogram, volumes.instances];
  const cut = (format: (typeof formats)[number]) => boxes.length > 0 && formats.includes(format);
  const stages: Stage[] = [
    {
      name: `${name} subtomograms`,
      inputs,
      writes: [
        ...["particles.star", ...(cut("npy") ? ["data.npy", "data_seg.npy", "cnt.npy"] : [])],
        ...(cut("mrc") ? ["subtomograms/*.mrc", "masks/*.mrc"] : []),
      ].map((file) => `${name}/${file}`),
      async run() {
        const job = { ...settings, boxes, size, folder, classCount: complexes.length };
        if (cut("npy")) await writeBoxArrays(await tomogram.get(), await volumes.instances.get(), job);
        if (cut("mrc")) await writeBoxFiles(await tomogram.get(), await volumes.instances.get(), job);
        const comments = [...context.comments, `Signal-to-noise ratio ${snr}: ${SNR_DEFINITION}.`];
        const list = subtomogramList(boxes, parameters.subtomograms, { ...context, comments });
        await writeFileAtomic(join(folder, "particles.star"), list);
      },
    },
  ];
  if (tomogram !== volumes.noiseFree) stages.unshift(noisyStage(snr, tomogram, making));
  if (parameters.omeZarr)
    stages.push({
      name: `${name} zarr`,
      inputs,
      writes: [`${name}/tomogram.ome.zarr`],
      async run() {
        const classes = new Uint8Array(voxelCount(parameters.shape));
        await readInto(outputFolder, SPECIMEN_FILES.classLabels, classes);
        const labels = { classes, instances: await volumes.instances.get() };
        const progress = { stage: "writing OME-Zarr", onProgress, signal };
        await writeOmeZarr(join(folder, "tomogram.ome.zarr"), await tomogram.get(), { name, labels, ...progress });
      },
    });
  return stages;
}

function noisyStage(snr: number, tomogram: KeptVolumes["noiseFree"], making: TomogramInMaking): Stage {
  const { settings, volumes, workers, measured } = making;
  const { parameters, seed, labels } = settings;
  const name = folderOf(snr);
  return {
    name: `${name} tomogram`,
    inputs: [volumes.images, volumes.noiseFree, volumes.scratch],
    writes: [`${name}/tilt-series.mrc`, tomogramIn(name)],
    async run() {
      const series = await volumes.images.get();
      const options = {
        snr,
        signalVariance: (await volumes.signal.get()).variance,
        seed: `${seed}/noise/${snrName(snr)}`,
        kind: parameters.noise,
        reconstruct: parameters.reconstruct,
        into: await volumes.scratch.get(),
        ...(measured && { boxes: measured }),
      };
      const noisy = await reconstructAtSnr(series, await volumes.noiseFree.get(), options, workers);
      tomogram.put(noisy.tomogram);
      await writeImages(`${name}/tilt-series.mrc`, { ...series, images: noisy.images }, settings);
      const labelled = { ...settings, labels: [...labels, `SNR ${snr}`] };
      await writeVolume(tomogramIn(name), noisy.tomogram.data, noisy.tomogram, labelled);
    },
  };
}
