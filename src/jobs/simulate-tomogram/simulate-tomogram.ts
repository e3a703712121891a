import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { complexesFrom } from "../../files/complexes/index.js";
import { packageVersion, writeFileAtomic } from "../../files/disk/index.js";
import { readMrcSections, writeMrcSections } from "../../files/tomogram/index.js";
import {
  boxPlace,
  chooseBoxes,
  type MeasuredBoxes,
  type PackingReport,
  planTiltSeries,
  reconstructAtSnr,
  type TiltSeries,
} from "../../simulate/index.js";
import { createRandom, createVolume, type Volume, voxelCount } from "../../volume/index.js";
import { boxFileNames, type ChosenBox, writeBoxArrays, writeBoxFiles } from "./boxes.js";
import { createTomogramWorkers, sharedFloats } from "./imaging-workers.js";
import { allParticlesList, boxesList, type ListContext, structuresList, tiltsList, tomogramsList } from "./lists.js";
import {
  checkTomogramParameters,
  fingerprint,
  parametersText,
  type SimulateTomogramOptions,
  snrName,
} from "./options.js";
import { tomogramPage } from "./report.js";
import {
  makeSpecimen,
  readClassLabels,
  readDensity,
  readInstanceLabels,
  readTruth,
  type SpecimenTruth,
  writeSpecimen,
} from "./specimen.js";
import { openStages, type StageTime } from "./stages.js";

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

const SNR_DEFINITION =
  "variance of the noise-free reconstruction over variance of the noise, within the subtomograms' boxes";
const NOISE_FREE = "snr-inf";

/**
 * Simulates whole tomograms with their truth: packs a specimen, projects it to a tilt series, reconstructs it without
 * noise and at each ratio, cuts out subtomograms. All ratios share specimen and noise-free images. Writes
 *
 * - `specimen/`: density (kDa a voxel), class and instance labels (MRC), the exact truth (JSON)
 * - `particles.star`, `tomograms.star` (RELION 5), `structures.star`: what lies where, and turned how
 * - `tilt-series/`: noise-free images (MRC stack), `tilts.star`, `tilts.rawtlt`
 * - `snr-*`: `tomogram.mrc`, noisy `tilt-series.mrc`, `particles.star` of the subtomograms (pixels from the first voxel),
 *   `data.npy`, `data_seg.npy`, `cnt.npy` and `subtomograms/*.mrc`, `masks/*.mrc`, `tomogram.ome.zarr` where asked for
 * - `tomogram.json`: every parameter; `report.html`: pictures; `stages.json`: what is done; `timings.json`: how long it took
 *
 * A run that was stopped goes on with the first stage that is not done. The same parameters, structures and seed give the
 * same bytes, timings and report aside, with any number of threads.
 * @throws ConfigError, FileError, FormatError, AbortError
 */
export async function simulateTomogram(options: SimulateTomogramOptions): Promise<SimulatedTomogram> {
  const { parameters, seed, outputFolder: folder, signal, madeBy = "cosnet" } = options;
  checkTomogramParameters(parameters);
  const { shape, voxelSizeAngstrom, snrs, subtomograms } = parameters;
  const plan = planTiltSeries(parameters.imaging, createRandom(seed).fork("imaging"));
  const complexes = await complexesFrom(options.source, options);
  const names = snrs.map((snr) => `snr-${snrName(snr)}`);
  const stages = await openStages(folder, {
    fingerprint: fingerprint(parameters, seed, complexes),
    overwrite: options.overwrite === true,
    remove: ["specimen", "tilt-series", NOISE_FREE, ...names],
  });
  const labels = [`Simulated by ${madeBy}, seed ${seed}`];
  const write = (name: string, text: string) => writeFileAtomic(join(folder, name), text);
  const workers = createTomogramWorkers({ ...options, threads: options.threads });
  try {
    let truth: SpecimenTruth | undefined;
    let density: Float32Array | undefined;
    let instances: Uint16Array | Uint32Array | undefined;
    await stages.run("specimen", async () => {
      const specimen = await makeSpecimen(parameters, complexes, options);
      ({ density, instanceLabels: instances } = specimen);
      await writeSpecimen(folder, specimen, { ...options, labels });
      const { particles, structures, classNames, report } = specimen; // not the volumes, which are let go
      truth = { particles, structures, classNames, report };
    });
    truth ??= await readTruth(folder);
    const { particles, structures, classNames, report } = truth;
    if (report.reason)
      options.onWarning?.(`${report.placed} of ${report.requested} particles placed. ${report.reason}`);
    const context: ListContext = {
      shape,
      voxelSizeAngstrom,
      classNames,
      plan,
      comments: [`Simulated by ${madeBy}: seed ${seed}. Density is positive. All parameters are in tomogram.json.`],
    };
    await write("particles.star", allParticlesList(particles, context));
    await write("tomograms.star", tomogramsList(context));
    if (structures.length > 0) await write("structures.star", structuresList(structures, context));

    const [nz, ny, nx] = shape;
    const tiltCount = plan.tilts.length;
    let series: TiltSeries | undefined;
    const imagesFile = join(folder, "tilt-series", "noise-free.mrc");
    await stages.run("projections", async () => {
      density ??= await readDensity(folder, shape);
      series = await workers.simulateTiltSeries(createVolume(shape, voxelSizeAngstrom, density), plan);
      await mkdir(join(folder, "tilt-series"), { recursive: true });
      await writeImages(imagesFile, series, { labels, signal });
      await write("tilt-series/tilts.star", tiltsList(context));
      await write(
        "tilt-series/tilts.rawtlt",
        `${plan.tilts.map(({ tiltDegrees }) => tiltDegrees.toFixed(2)).join("\n")}\n`,
      );
    });
    density = undefined; // 4 bytes a voxel that nothing needs any more
    const getSeries = async (): Promise<TiltSeries> => {
      if (series) return series;
      const images = sharedFloats(tiltCount * ny * nx);
      await readMrcSections(imagesFile, images);
      return (series = { images, shape: [tiltCount, ny, nx], pixelSizeAngstrom: voxelSizeAngstrom, plan });
    };

    let clean: Volume | undefined;
    const tomogramFile = (name: string) => join(folder, name, "tomogram.mrc");
    await stages.run(`${NOISE_FREE} tomogram`, async () => {
      clean = await workers.reconstruct(await getSeries(), { ...parameters.reconstruct, nz });
      await mkdir(join(folder, NOISE_FREE), { recursive: true });
      await writeVolume(tomogramFile(NOISE_FREE), clean, { labels, signal });
    });
    const load = async (name: string): Promise<Volume> => {
      const data = sharedFloats(voxelCount(shape));
      await readMrcSections(tomogramFile(name), data);
      return createVolume(shape, voxelSizeAngstrom, data);
    };
    const getClean = async () => (clean ??= await load(NOISE_FREE));

    const chosen = choose(particles, options);
    const measured = measuredBoxes(chosen, subtomograms.size);
    let scratch: { volume: Float32Array; images: Float32Array } | undefined;
    for (const [index, snr] of snrs.entries()) {
      const name = names[index]!;
      await mkdir(join(folder, name), { recursive: true });
      let tomogram: Volume | undefined;
      if (snr !== Number.POSITIVE_INFINITY)
        await stages.run(`${name} tomogram`, async () => {
          scratch ??= { volume: sharedFloats(voxelCount(shape)), images: sharedFloats(tiltCount * ny * nx) };
          const noisy = await reconstructAtSnr(
            await getSeries(),
            await getClean(),
            {
              snr,
              seed: `${seed}/noise/${snrName(snr)}`,
              kind: parameters.noise,
              reconstruct: parameters.reconstruct,
              into: scratch,
              ...(measured && { boxes: measured }),
            },
            workers,
          );
          tomogram = noisy.tomogram;
          const images = { ...(await getSeries()), images: noisy.images };
          await writeImages(join(folder, name, "tilt-series.mrc"), images, { labels, signal });
          await writeVolume(tomogramFile(name), tomogram, { labels: [...labels, `SNR ${snr}`], signal });
        });
      await stages.run(`${name} subtomograms`, async () => {
        tomogram ??= snr === Number.POSITIVE_INFINITY ? await getClean() : await load(name);
        const job = { ...options, boxes: chosen, size: subtomograms.size, folder: join(folder, name) };
        if (chosen.length > 0 && subtomograms.formats.length > 0)
          instances ??= await readInstanceLabels(folder, shape, truth!);
        if (chosen.length > 0 && subtomograms.formats.includes("npy"))
          await writeBoxArrays(tomogram, instances!, { ...job, classCount: complexes.length });
        if (chosen.length > 0 && subtomograms.formats.includes("mrc")) await writeBoxFiles(tomogram, instances!, job);
        const comments = [...context.comments, `Signal-to-noise ratio ${snr}: ${SNR_DEFINITION}.`];
        await write(`${name}/particles.star`, subtomogramList(chosen, options, { ...context, comments }));
      });
      if (parameters.omeZarr)
        await stages.run(`${name} zarr`, async () => {
          tomogram ??= snr === Number.POSITIVE_INFINITY ? await getClean() : await load(name);
          instances ??= await readInstanceLabels(folder, shape, truth!);
          const labels = { classes: await readClassLabels(folder, shape), instances };
          const { writeOmeZarr } = await import("../../files/tomogram/index.js"); // zarrita only where it is needed
          await writeOmeZarr(join(folder, name, "tomogram.ome.zarr"), tomogram, { name, labels, signal });
        });
    }
    const parametersFile = join(folder, "tomogram.json");
    const classes = complexes.map(({ name, massKilodalton, source }, i) => ({
      classNumber: i + 1,
      name,
      massKilodalton: Number(massKilodalton.toFixed(1)),
      source,
      particles: report.placedPerClass[i],
      subtomograms: chosen.filter(({ particle }) => particle.complexIndex === i).length,
    }));
    const sidecar = { madeBy, seed, snrDefinition: SNR_DEFINITION, parameters, classes, classNames, report, plan };
    await writeFileAtomic(parametersFile, `${parametersText(sidecar)}\n`);
    const reportFile = join(folder, "report.html");
    await stages.run("report", async () => {
      const run = {
        command: options.command ?? "simulateTomogram()",
        seed: Number(seed),
        version: packageVersion(),
        durationSeconds: stages.times.reduce((sum, { seconds }) => sum + seconds, 0),
      };
      await writeFileAtomic(reportFile, await tomogramPage(folder, { parameters, classNames, report, plan, run }));
    });
    if (stages.times.length > 0) await write("timings.json", `${JSON.stringify(stages.times, null, 2)}\n`);
    return {
      folder,
      parametersFile,
      reportFile,
      tomograms: names.map(tomogramFile),
      classNames,
      report,
      subtomogramCount: chosen.length,
      times: stages.times,
    };
  } finally {
    await workers.close();
  }
}

/** The boxes that are cut, the same for every ratio. */
function choose(
  particles: SpecimenTruth["particles"],
  { parameters: { shape, voxelSizeAngstrom, subtomograms }, seed, onWarning }: SimulateTomogramOptions,
): ChosenBox[] {
  const { size, count, edges } = subtomograms;
  const places = particles.map(({ positionAngstrom }) =>
    boxPlace(positionAngstrom, size, { shape, voxelSizeAngstrom }),
  );
  const random = createRandom(seed).fork("subtomograms");
  const chosen = chooseBoxes(places, { edges, count, random });
  if (count !== undefined && chosen.length < count)
    onWarning?.(
      `only ${chosen.length} of ${count} subtomograms: no more boxes of ${size} voxels lie inside the tomogram`,
    );
  return chosen.map((index) => ({ particle: particles[index]!, place: places[index]! }));
}

/** Where the ratio is measured: in the boxes that lie inside; in the whole volume when there is none. */
function measuredBoxes(chosen: readonly ChosenBox[], size: number): MeasuredBoxes | undefined {
  const inside = chosen.filter(({ place }) => place.outsideFraction < 1e-9);
  if (inside.length === 0) return undefined;
  return { centres: inside.map(({ place: { centre } }) => ({ x: centre[0], y: centre[1], z: centre[2] })), size };
}

function subtomogramList(
  chosen: readonly ChosenBox[],
  { parameters: { subtomograms } }: SimulateTomogramOptions,
  context: ListContext,
): string {
  const files = subtomograms.formats.includes("mrc");
  const boxes = chosen.map(({ particle, place }) => {
    const { image, maskName } = boxFileNames(particle);
    return { particle, place, imageName: files ? image : undefined, maskName: files ? maskName : undefined };
  });
  return boxesList(boxes, "tomogram.mrc", subtomograms.size, context);
}

interface LargeFileOptions {
  readonly labels: readonly string[];
  readonly signal: AbortSignal | undefined;
}

function writeVolume(
  path: string,
  { data, shape, voxelSizeAngstrom }: Volume,
  options: LargeFileOptions,
): Promise<void> {
  const size = shape[1] * shape[2];
  const section = (z: number, into: Float32Array) => into.set(data.subarray(z * size, (z + 1) * size));
  return writeMrcSections(path, { ...options, shape, voxelSizeAngstrom, mode: 2, section });
}

function writeImages(
  path: string,
  { images, shape, pixelSizeAngstrom }: TiltSeries,
  options: LargeFileOptions,
): Promise<void> {
  const size = shape[1] * shape[2];
  const section = (tilt: number, into: Float32Array) => into.set(images.subarray(tilt * size, (tilt + 1) * size));
  return writeMrcSections(path, {
    ...options,
    shape,
    voxelSizeAngstrom: pixelSizeAngstrom,
    mode: 2,
    imageStack: true,
    section,
  });
}
