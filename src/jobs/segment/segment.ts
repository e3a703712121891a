import { join } from "node:path";
import { type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { loadModel } from "../../files/model/index.js";
import { adaptedEmbedder, crfParameters } from "../../infer/index.js";
import { classesOfList } from "../../io/index.js";
import { breathe, keptWarnings } from "../../progress.js";
import { scaledEmbedder, searchScale } from "../search/index.js";
import { combineSegmented } from "./common.js";
import { openInputs } from "./inputs.js";
import { refineTogether } from "./joint.js";
import { writeMasks, writeSegmentedList } from "./lists.js";
import { type SegmentOptions, type SegmentResult, type SegmentSettings, settingsOf } from "./options.js";
import { segmentParticles } from "./particles.js";
import { runInformation, specimenTexts, writeReport } from "./report.js";
import type { Segmentation } from "./segmentation.js";
import { measureAndWriteSurfaces } from "./surfaces.js";
import { shapesCsv, sizeDistributionCsv } from "./tables.js";
import { labelTypes, writeVolumes } from "./volumes.js";

/**
 * Segments every particle of a list in 3-D and measures it. With a tomogram, the masks become label volumes on the
 * tomogram's own grid: `labels.mrc` (classes), `instances.mrc` (particles), `probability.mrc`. Without one, `masks/` holds one
 * MRC a particle on the particle's own grid, as `classify` writes it. Always `surfaces/`, `shapes.csv`,
 * `size-distribution.csv`, `segmented.star`, `report.html`, `segment.json`.
 *
 * Memory holds the masks (some kilobytes each), a few boxes, and a slab of the tomogram; surfaces of one class at a time.
 * @throws ConfigError when a result is there already or options contradict each other; FileError, FormatError, ModelError as
 * reading does; AbortError.
 */
export async function segment(options: SegmentOptions): Promise<SegmentResult> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...settingsOf(options), onWarning };
  const { outputFolder, overwrite } = settings;
  return withStagedFiles(outputFolder, { lastFile: "segment.json", overwrite }, async (files) => {
    const start = performance.now();
    const segmentation = await findMasks(settings);
    return write(files, { ...segmentation, warnings }, start, settings);
  });
}

/** Opens the inputs and finds every particle's class and mask. */
async function findMasks(settings: SegmentSettings): Promise<Omit<Segmentation, "warnings">> {
  const { particlesPath, particleDiameterAngstrom, crf, commonMasks, joint } = settings;
  await using model = await loadModel(settings.modelPath, settings);
  const { description: trained } = model.embedder;
  const embedder = scaledEmbedder(model.embedder, searchScale(particleDiameterAngstrom, trained));
  const { edge, voxelSizeAngstrom } = embedder.description;
  const { examples, grid, adaptation, contrast, ...inputs } = await openInputs(embedder, settings);
  await using reader = inputs.reader;
  const classes = examples?.classes ?? classesOfList(reader.list, particlesPath);

  const task = { classes, examples, crfVoxelSizeAngstrom: trained.voxelSizeAngstrom };
  const segmented = await segmentParticles(reader, adaptedEmbedder(embedder, adaptation), task, settings);
  for (const warning of reader.warnings()) settings.onWarning?.(warning);
  const common = commonMasks
    ? await combineSegmented(segmented.particles, reader, {
        ...{ edge, voxelSizeAngstrom: trained.voxelSizeAngstrom, geometry: adaptation.geometry },
        ...{
          names: classes.names,
          onProgress: settings.onProgress,
          onWarning: settings.onWarning,
          signal: settings.signal,
        },
      })
    : undefined;
  const particles = common?.particles ?? segmented.particles;
  const parameters = joint ? crfParameters(crf) : undefined;
  const field = parameters && { ...settings, edge, voxelSizeAngstrom: trained.voxelSizeAngstrom, parameters };
  return {
    ...segmented,
    particles: field ? await refineTogether(particles, reader, field) : particles,
    combined: common?.combined,
    listPath: particlesPath,
    list: reader.list,
    ...{ classes, grid, contrast },
    network: { edge, voxelSizeAngstrom },
    adaptation,
    model: model.label,
  };
}

/** Writes masks, shapes, report and list. */
async function write(
  files: StagedFiles,
  segmentation: Segmentation,
  start: number,
  settings: SegmentSettings,
): Promise<SegmentResult> {
  const { outputFolder, crf, seed } = settings;
  const { grid, particles, model } = segmentation;
  const volumes = grid ? await writeVolumes(files, { ...segmentation, grid }, settings) : [];
  const { shapes, surfaces } = await measureAndWriteSurfaces(files, segmentation, settings);
  if (!grid) await writeMasks(files, segmentation, settings);
  await files.write("shapes.csv", shapesCsv(segmentation, shapes));
  await files.write("size-distribution.csv", sizeDistributionCsv(segmentation, shapes));
  const run = runInformation(segmentation, (performance.now() - start) / 1000, settings);
  const classes = await writeReport(files, segmentation, shapes, { volumes, surfaces }, run, settings);
  await writeSegmentedList(files, segmentation, shapes, run, settings);
  await breathe(settings.signal);
  const inFolder = (name: string) => join(outputFolder, name);
  return {
    outputFolder,
    volumes: volumes.map(inFolder),
    labelTypes: grid && labelTypes(segmentation),
    masksFolder: grid ? undefined : inFolder("masks"),
    surfaces: surfaces.map(inFolder),
    shapesPath: inFolder("shapes.csv"),
    starPath: inFolder("segmented.star"),
    reportPath: inFolder("report.html"),
    particles: particles.length,
    ...specimenTexts(segmentation),
    warnings: segmentation.warnings,
    classes,
    empty: shapes.filter(({ voxels }) => voxels === 0).length,
    flagged: particles.filter((particle) => particle.crf?.flagged).length,
    combined: segmentation.combined,
    model,
    crf,
    seed,
    seconds: (performance.now() - start) / 1000,
  };
}
