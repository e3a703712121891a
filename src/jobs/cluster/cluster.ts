/** From candidates without any example to groups of like particles. */
import { join } from "node:path";
import { packageVersion, type StagedFiles, temporaryFolder, withStagedFiles } from "../../files/disk/index.js";
import { loadModel } from "../../files/model/index.js";
import { listedVoxelSize, openParticleBoxes } from "../../files/particles/index.js";
import {
  COMPARED_NEIGHBOURS,
  CORRELATION_WEIGHT,
  clusterEmbeddings,
  clusterNeighbours,
  type Embedder,
  embeddingMap,
  nearestNeighbours,
  normaliseRows,
  orientedNeighbours,
} from "../../infer/index.js";
import { breathe, inOnePiece, type JobResult } from "../../progress.js";
import type { RunInformation } from "../../report/index.js";
import { createRandom } from "../../volume/index.js";
import {
  contrastOfLists,
  contrastText,
  loadNetworks,
  measureGivenTomogram,
  sampleBoxes,
  searchSettings,
  searchTomograms,
  turned,
} from "../search/index.js";
import { type ClusterOptions, type ClusterSettings, clusterSettings, isList } from "./options.js";
import { writeClusters } from "./output.js";
import { type ClusterSource, candidateSource, listSource } from "./source.js";
import { type ClusterTruth, compareWithTruth } from "./truth.js";

/** The clusters that `cluster` wrote. */
export interface ClusterResult extends JobResult {
  readonly starPath: string;
  readonly particles: number;
  /** Particles in groups that are too small. */
  readonly unclustered: number;
  /** The largest first; cluster 1 is the first. */
  readonly clusters: readonly {
    readonly particles: number;
    readonly cohesion: number;
    readonly nearestCluster: number | undefined;
    readonly listPath: string;
  }[];
  readonly truth: ClusterTruth | undefined;
}

/**
 * Groups the particles of a list, or the candidates that a detector finds in tomograms, by what they look like: no examples
 * are needed. Writes `clusters.star` (every particle, its cluster as its class), `lists/cluster-N.star`, `report.html` with
 * a map and pictures, and `clusters.json`. `chooseExamples` makes examples for `pick` from it. The same inputs and seed
 * give the same lists.
 * @throws ConfigError for options, or when a result is there already; FileError, FormatError, ModelError as reading does;
 * AbortError.
 */
export async function cluster(options: ClusterOptions): Promise<ClusterResult> {
  const settings = clusterSettings(options);
  const { outputFolder, overwrite } = settings;
  return withStagedFiles(outputFolder, { lastFile: "clusters.star", overwrite }, (files) =>
    clusterInputs(files, settings, performance.now()),
  );
}

async function clusterInputs(files: StagedFiles, settings: ClusterSettings, start: number): Promise<ClusterResult> {
  const { inputPaths, outputFolder } = settings;
  const [listPath] = inputPaths.filter(isList);
  if (listPath !== undefined) {
    await using model = await loadModel(settings.modelPath, settings);
    const { embedder, label } = model;
    const { description } = embedder;
    const { reader: opened, contrast } = await openList(listPath, description, settings);
    await using reader = opened;
    const source = await listSource(reader, embedder, contrastText(contrast), settings);
    return await clusterSource(files, source, { label, description, start }, settings);
  }
  await using networks = await loadNetworks(settings);
  await using work = await temporaryFolder();
  const search = { ...searchSettings(settings), workRoot: work.path, contrasts: new Map() };
  await using searched = await searchTomograms(inputPaths, networks, search);
  const source = candidateSource(searched.tomograms, networks, outputFolder);
  const { modelLabel: label, embedder } = networks;
  return await clusterSource(files, source, { label, description: embedder.description, start }, settings);
}

interface ModelFacts {
  readonly label: string;
  readonly description: { readonly edge: number; readonly voxelSizeAngstrom: number };
  readonly start: number;
}

async function clusterSource(
  files: StagedFiles,
  source: ClusterSource,
  { label, description, start }: ModelFacts,
  settings: ClusterSettings,
): Promise<ClusterResult> {
  const { outputFolder, seed, command, resolution, minimumSize, onWarning } = settings;
  const { list } = source;
  const total = list.particles.length;
  for (const warning of source.warnings) onWarning?.(warning);
  const { found, map } = await groupParticles(source, settings);
  if (found.clusters.length === 0)
    onWarning?.(`no group of ${total} particles has ${minimumSize} members: there is no cluster`);
  const truth = await compareWithTruth(list, found.labels, settings);
  const run: RunInformation = {
    command,
    seed,
    version: packageVersion(),
    model: label,
    durationSeconds: (performance.now() - start) / 1000,
    facts: [
      ...source.facts,
      ["neighbours that a particle is joined to", String(clusterNeighbours(total))],
      ["resolution", String(resolution)],
      ["smallest cluster", `${minimumSize} particles`],
      ["turned onto each other", settings.compareOrientations ? "yes" : "no"],
      ["averaged over 180° rotations", settings.testTimeAveraging ? "yes" : "no"],
    ],
  };
  await writeClusters(files, { source, found, map, truth, run, description }, settings);
  return {
    starPath: join(outputFolder, "clusters.star"),
    reportPath: join(outputFolder, "report.html"),
    particles: total,
    unclustered: found.labels.filter((cluster) => cluster < 0).length,
    clusters: found.clusters.map(({ members, cohesion, nearestCluster }, index) => ({
      particles: members.length,
      cohesion,
      nearestCluster: nearestCluster < 0 ? undefined : nearestCluster + 1,
      listPath: join(outputFolder, `lists/cluster-${index + 1}.star`),
    })),
    truth,
    model: label,
    seed,
    seconds: (performance.now() - start) / 1000,
  };
}

/** A list whose boxes are read with protein positive. @throws as `cluster`. */
async function openList(path: string, description: Embedder["description"], settings: ClusterSettings) {
  const { tomogramPath, voxelSizeAngstrom: fileVoxelSizeAngstrom, signal } = settings;
  const { edge, voxelSizeAngstrom } = description;
  // Candidates that pick lists at the edges of a tomogram have an eighth of their boxes inside.
  const highestOutsideFraction = 0.88;
  const reading = {
    ...{ edge, voxelSizeAngstrom, fileVoxelSizeAngstrom, tomogramPath, highestOutsideFraction, signal },
    restored: true,
  };
  await using measured = await openParticleBoxes(path, reading);
  const { list } = measured;
  const tomogram =
    tomogramPath === undefined
      ? undefined
      : await measureGivenTomogram(tomogramPath, description, listedVoxelSize(list, path), settings);
  const sample = await sampleBoxes(measured, edge);
  const { particles: contrast } = contrastOfLists(sample, undefined, {
    ...{ ...settings, edge, skewness: tomogram?.skewness },
  });
  return { contrast, reader: await openParticleBoxes(path, { ...reading, list, inverted: contrast.isDark }) };
}

/**
 * Groups particles by the angles between their embeddings and by how they fit when turned onto each other, and lays their embeddings out
 * on a map. @throws ModelError, AbortError.
 */
async function groupParticles(source: ClusterSource, settings: ClusterSettings) {
  const { embeddings, size, spectra, tiltDegrees } = source;
  const { seed, resolution, minimumSize, compareOrientations, onProgress, signal } = settings;
  const points = embeddings.slice();
  // Models that compare by a distance do not give unit vectors.
  normaliseRows(points, size);
  const total = points.length / size;
  const random = createRandom(seed);
  await breathe(signal);
  const nearest = nearestNeighbours(points, size, {
    neighbours: COMPARED_NEIGHBOURS,
    onProgress: (done) => onProgress?.({ stage: "comparing particles", done, total }),
  });
  const progress = { onProgress, signal };
  const stage = "comparing orientations of like particles";
  const { nearest: joined } =
    compareOrientations && nearest.neighbours > 0
      ? await orientedNeighbours(
          { embeddings: points, size, spectra },
          nearest,
          turned(tiltDegrees, settings, stage),
          CORRELATION_WEIGHT.any,
        )
      : { nearest };
  const found = await inOnePiece("grouping particles", progress, () =>
    clusterEmbeddings(points, size, joined, { resolution, minimumSize, random: random.fork("clusters") }),
  );
  const map = await inOnePiece("drawing the map", progress, () =>
    embeddingMap(nearest, { random: random.fork("map") }),
  );
  await breathe(signal);
  return { found, map };
}
