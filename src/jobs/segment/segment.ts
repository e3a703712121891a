import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { fileExists, packageVersion, type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { loadModel } from "../../files/model/index.js";
import { openParticleBoxes, type ParticleBoxesOptions } from "../../files/particles/index.js";
import { type Adaptation, adaptedEmbedder, describeAdaptation } from "../../infer/index.js";
import { classesOfList, type ParticleClasses } from "../../io/index.js";
import { breathe, DEFAULT_SEED } from "../../progress.js";
import { type SegmentReportData, segmentReport } from "../../report/index.js";
import type { VoxelGrid } from "../../volume/index.js";
import { crfParameters, type SegmentedParticles, segmentParticles } from "../masks/index.js";
import { scaledEmbedder, searchScale } from "../search/index.js";
import { measureList, readExamples, tomogramGrid } from "./inputs.js";
import { refineTogether } from "./joint.js";
import { writeMasks, writeSegmentedList } from "./lists.js";
import { checkSegmentOptions, type SegmentOptions, type SegmentResult, segmentDefaults } from "./options.js";
import { doubtsOf, galleryOf, shapesByClass, tomogramPictures } from "./report-data.js";
import { createShapes } from "./shapes.js";
import { layOut, type NamedMesh, surfaceStem, writeSurfaces } from "./surfaces.js";
import { diametersByClass, type MeasuredShape, shapesCsv, sizeDistributionCsv } from "./tables.js";
import { createLabeller, VOLUME_NAMES, writeLabelVolumes } from "./volumes.js";

/**
 * Outlines every particle of a list in 3-D and measures it. With a tomogram, the outlines become label volumes on the
 * tomogram's own grid: `labels.mrc` (classes), `instances.mrc` (particles), `probability.mrc`. Without one, `masks/` holds one
 * MRC a particle on the particle's own grid, as `classify` writes it. Always `surfaces/`, `shapes.csv`,
 * `size-distribution.csv`, `segmented.star`, `report.html`, `segment.json`.
 *
 * Memory holds the outlines (some kilobytes each), a few boxes, and a slab of the tomogram; surfaces of one class at a time.
 * @throws ConfigError when a result is there already or options contradict each other; FileError, FormatError, ModelError as
 * reading does; AbortError.
 */
export async function segment(options: SegmentOptions): Promise<SegmentResult> {
  checkSegmentOptions(options);
  return withStagedFiles(options.outputFolder, (files) => segmentInto(files, options));
}

async function segmentInto(files: StagedFiles, options: SegmentOptions): Promise<SegmentResult> {
  const start = performance.now();
  const { outputFolder, tomogramPath, signal, seed = DEFAULT_SEED, crf = segmentDefaults.crf } = options;
  const sidecarPath = join(outputFolder, "segment.json");
  if (!options.overwrite && (await fileExists(sidecarPath)))
    throw new ConfigError(`${sidecarPath} is there already`, { hint: "Give another --output, or --overwrite." });
  const grid = tomogramPath === undefined ? undefined : await tomogramGrid(tomogramPath, options);
  const { embedder: trained, label: model } = await loadModel(options.modelPath, { threads: options.threads });
  const embedder = scaledEmbedder(trained, searchScale(options.particleDiameterAngstrom, trained.description));
  const { voxelSizeAngstrom: crfVoxelSizeAngstrom } = trained.description;
  try {
    const { edge, voxelSizeAngstrom } = embedder.description;
    const reading: ParticleBoxesOptions = {
      edge,
      voxelSizeAngstrom,
      fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
      inverted: options.inverted ?? false,
      tomogramPath,
      signal,
    };
    const examples = await readExamples(options, embedder, reading);
    // A box around any place inside the tomogram has at least an eighth of it inside.
    const cutting = grid && { alwaysCut: true, highestOutsideFraction: 0.88 };
    const reader = await openParticleBoxes(options.particlesPath, { ...reading, ...cutting });
    let segmented: SegmentedParticles;
    let adaptation: Adaptation;
    const classes = examples?.classes ?? classesOfList(reader.list, options.particlesPath);
    try {
      const alone = options.joint ? "off" : crf;
      adaptation = await measureList({ ...reading, ...cutting }, options);
      const adapted = adaptedEmbedder(embedder, adaptation);
      segmented = await segmentParticles(reader, adapted, {
        classes,
        examples,
        averaged: crf === "fitted",
        crfVoxelSizeAngstrom,
        options: { ...options, crf: alone },
      });
      for (const warning of reader.warnings()) options.onWarning?.(warning);
      const parameters = crfParameters(crf);
      if (options.joint && parameters) {
        const task = {
          edge,
          voxelSizeAngstrom: crfVoxelSizeAngstrom,
          parameters,
          signal,
          onProgress: options.onProgress,
        };
        segmented = { ...segmented, particles: await refineTogether(segmented.particles, reader, task) };
      }
    } finally {
      await reader.close();
    }
    const volumes = grid ? await writeVolumes(files, segmented, classes, grid, options) : [];
    const { shapes, surfaces } = await measure(files, segmented, classes, grid, {
      ...options,
      edge,
      voxelSizeAngstrom,
    });
    if (!grid) await writeMasks(files, segmented.particles, options);
    await files.write("shapes.csv", shapesCsv(segmented.particles, shapes, classes));
    const diameters = diametersByClass(segmented.particles, shapes, classes.names.length);
    await files.write("size-distribution.csv", sizeDistributionCsv(diameters, classes));
    const run = {
      command: options.command ?? "segment()",
      seed,
      version: packageVersion(),
      model,
      durationSeconds: (performance.now() - start) / 1000,
      facts: [
        ["refinement (CRF)", options.joint ? `${crf}, neighbours together` : crf],
        ["contrast", options.inverted ? "dark protein in the files, inverted for the network" : "bright protein"],
        ["particles", options.particlesPath],
        ["particles as measured", describeAdaptation(adaptation)],
        ["outlined at", `voxels of ${Number(voxelSizeAngstrom.toFixed(2))} Å`],
        ...(tomogramPath === undefined ? [] : ([["tomogram", tomogramPath]] as const)),
        ...(options.supportPath === undefined ? [] : ([["examples", options.supportPath]] as const)),
      ] as (readonly [string, string])[],
    };
    const classShapes = shapesByClass(segmented, shapes, classes);
    const doubts = doubtsOf(segmented, shapes);
    const particleName = (index: number) => {
      const { imageName } = reader.list.particles[index]!;
      return (grid ? undefined : imageName) ?? `particle ${index + 1}`;
    };
    await files.write(
      "report.html",
      segmentReport({
        classes: classShapes,
        gallery: galleryOf(segmented, shapes, { edge, voxelSizeAngstrom, nameOf: particleName }),
        tomogram:
          grid && (await tomogramPictures(tomogramPath!, segmented, grid, { inverted: options.inverted === true })),
        doubts,
        outputs: outputsOf(volumes, surfaces, grid === undefined),
        run,
      }),
    );
    const summaries = classShapes.map(({ name, label, particles, diameter, volume }) => ({
      name,
      label,
      particles,
      diameterAngstrom: diameter,
      volumeCubicAngstrom: volume,
    }));
    const sidecar = {
      ...run,
      facts: Object.fromEntries(run.facts),
      crf: { choice: crf, joint: options.joint === true, parameters: crfParameters(crf) ?? null },
      network: { edge, voxelSizeAngstrom },
      tomogram: grid ? { path: tomogramPath, ...grid } : null,
      classes: summaries,
      doubts: Object.fromEntries(doubts),
    };
    await files.write("segment.json", `${JSON.stringify(sidecar, null, 2)}\n`);
    await writeSegmentedList(files, outputFolder, { reader, segmented, shapes, classes, run, masks: !grid });
    await breathe(signal);
    return {
      outputFolder,
      volumes: volumes.map((name) => join(outputFolder, name)),
      masksFolder: grid ? undefined : join(outputFolder, "masks"),
      surfaces: surfaces.map((name) => join(outputFolder, name)),
      shapesPath: join(outputFolder, "shapes.csv"),
      starPath: join(outputFolder, "segmented.star"),
      reportPath: join(outputFolder, "report.html"),
      particles: segmented.particles.length,
      classes: summaries,
      empty: shapes.filter(({ voxels }) => voxels === 0).length,
      flagged: segmented.particles.filter((particle) => particle.crf?.flagged).length,
      model,
      crf,
      seed,
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    await embedder.release();
  }
}

async function writeVolumes(
  files: StagedFiles,
  { particles }: SegmentedParticles,
  { labels }: ParticleClasses,
  grid: VoxelGrid,
  { omeZarr, signal, onProgress }: SegmentOptions,
): Promise<string[]> {
  const labeller = createLabeller(particles, grid, labels);
  await writeLabelVolumes(files, labeller, {
    grid,
    highestLabel: Math.max(...labels),
    particleCount: particles.length,
    version: packageVersion(),
    signal,
    onProgress: (done, total) => onProgress?.({ stage: "writing label volumes", done, total }),
  });
  const names: string[] = Object.values(VOLUME_NAMES);
  if (omeZarr) {
    const { writeLabelZarr } = await import("./zarr.js"); // zarrita only where it is needed
    await writeLabelZarr(await files.reserve("segmentation.ome.zarr"), labeller, grid, { signal });
    names.push("segmentation.ome.zarr");
  }
  return names;
}

/** Measures every particle and writes the surfaces, class by class so that only one class's are in memory. */
async function measure(
  files: StagedFiles,
  { particles }: SegmentedParticles,
  { names, labels }: ParticleClasses,
  grid: VoxelGrid | undefined,
  options: SegmentOptions & { readonly edge: number; readonly voxelSizeAngstrom: number },
): Promise<{ shapes: MeasuredShape[]; surfaces: string[] }> {
  const { surfaces: formats = segmentDefaults.surfaces, surfacePerParticle = false, signal, onProgress } = options;
  const shapeOf = createShapes(particles, { together: grid !== undefined });
  const shapes = new Array<MeasuredShape>(particles.length);
  const surfaces: string[] = [];
  const comment = `cosnet ${packageVersion()}: positions in Angstrom from the centre of ${grid ? "the tomogram's" : "each box's"} first voxel`;
  let done = 0;
  for (const [classIndex, name] of names.entries()) {
    const meshes: NamedMesh[] = [];
    for (const [index, particle] of particles.entries()) {
      if (particle.classIndex !== classIndex) continue;
      const { mesh, ...measured } = shapeOf(index);
      shapes[index] = measured;
      onProgress?.({ stage: "measuring shapes", done: ++done, total: particles.length });
      if (done % 16 === 0) await breathe(signal);
      if (formats.length === 0) continue;
      const particleName = `particle-${String(index + 1).padStart(6, "0")}`;
      meshes.push({ name: particleName, mesh });
      if (surfacePerParticle)
        await writeSurfaces(files, `surfaces/particles/${particleName}`, [meshes.at(-1)!], {
          formats,
          classIndex,
          comment,
        });
    }
    if (meshes.length === 0) continue;
    const placed = grid ? meshes : layOut(meshes, options.edge * options.voxelSizeAngstrom);
    const stem = surfaceStem(name, labels[classIndex]!);
    surfaces.push(...(await writeSurfaces(files, stem, placed, { formats, classIndex, comment })));
  }
  return { shapes, surfaces };
}

function outputsOf(
  volumes: readonly string[],
  surfaces: readonly string[],
  masks: boolean,
): SegmentReportData["outputs"] {
  return [
    ...(masks ? [["the outline of every particle, on its own grid", "masks/"] as const] : []),
    ...volumes.map((name) => [VOLUME_MEANINGS[name] ?? "labels", name] as const),
    ...surfaces.map((name) => ["surfaces of one class, in Å", name] as const),
    ["size and shape of every particle", "shapes.csv"],
    ["how many particles of which size, by class", "size-distribution.csv"],
    ["the particles with class and size", "segmented.star"],
    ["what was run, with every parameter", "segment.json"],
  ];
}

const VOLUME_MEANINGS: Readonly<Record<string, string>> = {
  [VOLUME_NAMES.labels]: "class of every voxel",
  [VOLUME_NAMES.instances]: "particle number of every voxel",
  [VOLUME_NAMES.probability]: "probability of a particle, per cent",
  "segmentation.ome.zarr": "the same as OME-Zarr",
};
