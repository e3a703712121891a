import { join } from "node:path";
import { copyFileAtomic, writeFileAtomic } from "../../files/disk/index.js";
import { writeOmeZarr } from "../../files/tomogram/index.js";
import { addScaled, type MeasuredBoxes, noiseAtSnr, type Specimen, type TiltSeries } from "../../simulate/index.js";
import { createVolume, voxelCount } from "../../volume/index.js";
import {
  ARRAY_FILES,
  type ChosenBox,
  subtomogramList,
  writeBoxArrays,
  writeBoxFiles,
  writeMaskArray,
} from "./boxes.js";
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
import { sharedFloats, type TomogramWorkers } from "./imaging-workers.js";
import { type ListContext, tiltsList } from "./lists.js";
import { SNR_DEFINITION, snrName } from "./options.js";
import { measureParticleSignal } from "./particle-signal.js";
import type { TomogramSettings } from "./settings.js";
import { makeSpecimen, truthOf, writeSpecimen } from "./specimen.js";
import type { Stage } from "./stages.js";
import type { KeptVolumes, VolumeInTurn } from "./volumes.js";

/** Packs the specimen, writes it and draws it. Packing takes one thread: the others draw noise, which does not depend on it. */
export function specimenStage(settings: TomogramSettings, volumes: KeptVolumes, workers: TomogramWorkers): Stage {
  let specimen: Specimen | undefined;
  return {
    name: "specimen",
    inputs: [],
    writes: Object.values(SPECIMEN_FILES),
    async run() {
      const density = await volumes.density.claim(); // nobody had the memory before: all 0
      workers.touchAhead(density.buffer);
      await drawNoiseAhead(settings, volumes, workers);
      specimen = await makeSpecimen(settings, density, workers);
      volumes.truth.put(truthOf(specimen));
      volumes.density.put(createVolume(specimen.shape, specimen.voxelSizeAngstrom, specimen.density));
      volumes.instances.put(specimen.instanceLabels);
    },
    async write() {
      const made = specimen;
      specimen = undefined; // frees the class labels
      if (!made) return;
      const drawn = workers.drawPacking(made.classLabels, made.shape);
      await Promise.all([volumes.density.hold(() => writeSpecimen(made, settings)), drawn]);
      volumes.packing.put(await drawn);
    },
  };
}

/** The noise of as many ratios as there is memory for images. */
async function drawNoiseAhead(settings: TomogramSettings, volumes: KeptVolumes, workers: TomogramWorkers) {
  const { plan, parameters } = settings;
  const { shape, voxelSizeAngstrom: pixelSizeAngstrom, snrs } = parameters;
  const series: TiltSeries = {
    images: sharedFloats(0),
    shape: [plan.tilts.length, shape[1], shape[2]],
    ...{ pixelSizeAngstrom, plan },
  };
  for (const snr of snrs.filter(Number.isFinite).slice(0, volumes.noisyImages.length))
    workers.drawNoiseAhead(series, {
      seed: noiseSeed(snr, settings),
      thicknessAngstrom: shape[0] * pixelSizeAngstrom,
      into: await noisyImagesOf(snr, settings, volumes).get(),
    });
}

const noiseSeed = (snr: number, { seed }: TomogramSettings): string => `${seed}/noise/${snrName(snr)}`;

/** Ratios take turns in the memory for images. */
function noisyImagesOf(snr: number, { parameters: { snrs } }: TomogramSettings, { noisyImages }: KeptVolumes) {
  return noisyImages[snrs.filter(Number.isFinite).indexOf(snr) % noisyImages.length]!;
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
  const { shape, reconstruct, snrs } = parameters;
  return [
    {
      name: "projections",
      inputs: [volumes.density],
      writes: [NOISE_FREE_IMAGES, "tilt-series/tilts.star", "tilt-series/tilts.rawtlt"],
      async run() {
        volumes.images.put(await workers.simulateTiltSeries(await volumes.density.get(), plan));
      },
      async write() {
        await writeImages(NOISE_FREE_IMAGES, await volumes.images.get(), settings);
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
        const images = await volumes.images.get();
        const into = await volumes.noiseFree.claim();
        volumes.noiseFree.put(await workers.reconstruct(images, { ...reconstruct, nz: shape[0], into }));
      },
      async write() {
        await volumes.noiseFree.hold((clean) => writeVolume(tomogramIn(NOISE_FREE), clean.data, clean, settings));
      },
    },
    ...(snrs.some(Number.isFinite) ? [signalStage(making)] : []),
    ...snrs.flatMap((snr) => ratioStages(snr, making)),
  ];
}

function signalStage({ settings, volumes, workers, measured }: TomogramInMaking): Stage {
  return {
    name: "signal",
    inputs: [volumes.noiseFree, volumes.instances],
    writes: [SIGNAL_FILE],
    async run() {
      const signal = await measureParticleSignal(measured, volumes, settings, workers);
      volumes.signal.put(signal);
      await writeFileAtomic(join(settings.outputFolder, SIGNAL_FILE), `${JSON.stringify(signal)}\n`);
    },
  };
}

function ratioStages(snr: number, making: TomogramInMaking): Stage[] {
  const { settings, volumes, context, boxes, workers } = making;
  const { outputFolder, parameters, complexes, onProgress, signal } = settings;
  const { size, formats } = parameters.subtomograms;
  const name = folderOf(snr);
  const folder = join(outputFolder, name);
  const tomogram = snr === Infinity ? volumes.noiseFree : volumes.noisy(name);
  const cut = (format: (typeof formats)[number]) => boxes.length > 0 && formats.includes(format);
  const first = folderOf(parameters.snrs[0]!); // masks are the same at every ratio
  const needsLabels = cut("mrc") || (cut("npy") && name === first);
  const job = { ...settings, boxes, size, folder, classCount: complexes.length };
  const stages: Stage[] = [
    {
      name: `${name} subtomograms`,
      inputs: [tomogram, ...(needsLabels ? [volumes.instances] : [])],
      writes: [
        ...["particles.star", ...(cut("npy") ? Object.values(ARRAY_FILES) : [])],
        ...(cut("mrc") ? ["subtomograms/*.mrc", "masks/*.mrc"] : []),
      ].map((file) => `${name}/${file}`),
      async write() {
        if (cut("npy")) {
          await tomogram.hold((volume) => writeBoxArrays(volume, job, workers));
          if (name === first) await writeMaskArray(await volumes.instances.get(), parameters.shape, job, workers);
          else await copyFileAtomic(join(outputFolder, first, ARRAY_FILES.masks), join(folder, ARRAY_FILES.masks), job);
        }
        if (cut("mrc"))
          await tomogram.hold(async (volume) => writeBoxFiles(volume, await volumes.instances.get(), job));
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
      inputs: [tomogram, volumes.instances],
      writes: [`${name}/tomogram.ome.zarr`],
      async write() {
        const classes = new Uint8Array(voxelCount(parameters.shape));
        await readInto(outputFolder, SPECIMEN_FILES.classLabels, classes);
        const labels = { classes, instances: await volumes.instances.get() };
        const progress = { stage: "writing OME-Zarr", onProgress, signal };
        const path = join(folder, "tomogram.ome.zarr");
        await tomogram.hold((volume) => writeOmeZarr(path, volume, { name, labels, ...progress }));
      },
    });
  return stages;
}

function noisyStage(snr: number, tomogram: VolumeInTurn, making: TomogramInMaking): Stage {
  const { settings, volumes, workers, measured } = making;
  const { parameters, labels, outputFolder: folder } = settings;
  const name = folderOf(snr);
  const noisyImages = noisyImagesOf(snr, settings, volumes);
  return {
    name: `${name} tomogram`,
    inputs: [volumes.images, noisyImages],
    writes: [`${name}/tilt-series.mrc`, tomogramIn(name)],
    async run() {
      const series = await volumes.images.get();
      const noise = await noiseAtSnr(
        series,
        {
          snr,
          signalVariance: (await volumes.signal.get()).variance,
          seed: noiseSeed(snr, settings),
          kind: parameters.noise,
          nz: parameters.shape[0],
          reconstruct: parameters.reconstruct,
          into: { volume: tomogram.claim, images: await noisyImages.get() },
          ...(measured && { boxes: measured }),
        },
        workers,
      );
      const { images, field, factor } = noise;
      addScaled(series.images, images, factor, images);
      const noiseFree = tomogramIn(NOISE_FREE);
      await workers.addSignal({ field: field.data, factor, folder, noiseFree }, parameters.shape[0]);
      tomogram.put(field);
    },
    async write() {
      await tomogram.hold(async ({ data, ...layout }) => {
        const series = { ...(await volumes.images.get()), images: await noisyImages.get() };
        await writeImages(`${name}/tilt-series.mrc`, series, settings);
        await writeVolume(tomogramIn(name), data, layout, { ...settings, labels: [...labels, `SNR ${snr}`] });
      });
    },
  };
}
