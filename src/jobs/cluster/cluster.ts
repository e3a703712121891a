/** From candidates without any example to groups of like particles. */
import { join } from "node:path";
import {
  packageVersion,
  refuseToOverwrite,
  type StagedFiles,
  temporaryFolder,
  withStagedFiles,
} from "../../files/disk/index.js";
import { loadModel } from "../../files/model/index.js";
import { openParticleBoxes } from "../../files/particles/index.js";
import {
  clusterEmbeddings,
  clusterNeighbours,
  embeddingMap,
  nearestNeighbours,
  normaliseRows,
} from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { RunInformation } from "../../report/index.js";
import { createRandom } from "../../volume/index.js";
import { loadNetworks, searchSettings, searchTomograms } from "../search/index.js";
import { type ClusterOptions, checkClusterOptions, clusterOptionDefaults, isList } from "./options.js";
import { writeClusters } from "./output.js";
import { type ClusterSource, candidateSource, listSource } from "./source.js";
import { type ClusterTruth, compareWithTruth } from "./truth.js";

/** The clusters that `cluster` wrote. */
export interface ClusterResult {
  readonly starPath: string;
  readonly reportPath: string;
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
  readonly model: string;
  readonly seed: number;
  readonly seconds: number;
}

/** Neighbours of each particle that are found: as many as the map looks at, and the clusters at most. */
const NEIGHBOURS = 15;

/**
 * Groups the particles of a list, or the candidates that a detector finds in tomograms, by what they look like: no examples
 * are needed. Writes `clusters.star` (every particle, its cluster as its class), `lists/cluster-N.star`, `report.html` with
 * a map and pictures, and `clusters.json`. `chooseExamples` makes examples for `pick` from it. The same inputs and seed
 * give the same lists.
 * @throws ConfigError for options, or when a result is there already; FileError, FormatError, ModelError as reading does;
 * AbortError.
 */
export async function cluster(options: ClusterOptions): Promise<ClusterResult> {
  checkClusterOptions(options);
  const starPath = join(options.outputFolder, "clusters.star");
  await refuseToOverwrite(starPath, options);
  return withStagedFiles(options.outputFolder, (files) => clusterInputs(files, options, performance.now()));
}

async function clusterInputs(files: StagedFiles, options: ClusterOptions, start: number): Promise<ClusterResult> {
  const { inputPaths, outputFolder } = options;
  const [listPath] = inputPaths.filter(isList);
  if (listPath !== undefined) {
    await using model = await loadModel(options.modelPath, options);
    const { embedder, label } = model;
    const { description } = embedder;
    await using reader = await openParticleBoxes(listPath, {
      ...{ edge: description.edge, voxelSizeAngstrom: description.voxelSizeAngstrom, signal: options.signal },
      fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
      inverted: options.inverted ?? false,
      tomogramPath: options.tomogramPath,
    });
    const source = await listSource(reader, embedder, options);
    return await clusterSource(files, source, { label, description, start }, options);
  }
  await using networks = await loadNetworks(options);
  await using work = await temporaryFolder();
  const search = { ...searchSettings(options), workRoot: work.path, contrasts: new Map() };
  await using searched = await searchTomograms(inputPaths, networks, search);
  const source = candidateSource(searched.tomograms, networks, outputFolder);
  const { modelLabel: label, embedder } = networks;
  return await clusterSource(files, source, { label, description: embedder.description, start }, options);
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
  options: ClusterOptions,
): Promise<ClusterResult> {
  const { outputFolder, seed = clusterOptionDefaults.seed } = options;
  const { resolution = clusterOptionDefaults.resolution, minimumSize = clusterOptionDefaults.minimumSize } = options;
  const { list } = source;
  const total = list.particles.length;
  for (const warning of source.warnings) options.onWarning?.(warning);
  const { found, map } = await groupByEmbedding(source, { ...options, seed, resolution, minimumSize });
  if (found.clusters.length === 0)
    options.onWarning?.(`no group of ${total} particles has ${minimumSize} members: there is no cluster`);
  const truth = await compareWithTruth(list, found.labels, options);
  const run: RunInformation = {
    command: options.command ?? "cluster()",
    seed,
    version: packageVersion(),
    model: label,
    durationSeconds: (performance.now() - start) / 1000,
    facts: [
      ...source.facts,
      ["neighbours that a particle is joined to", String(clusterNeighbours(total))],
      ["resolution", String(resolution)],
      ["smallest cluster", `${minimumSize} particles`],
      ["averaged over half turns", options.testTimeAveraging ? "yes" : "no"],
    ],
  };
  await writeClusters(files, { source, found, map, truth, run, description }, options);
  const listPath = (index: number) => join(outputFolder, `lists/cluster-${index + 1}.star`);
  return {
    starPath: join(outputFolder, "clusters.star"),
    reportPath: join(outputFolder, "report.html"),
    particles: total,
    unclustered: found.labels.filter((cluster) => cluster < 0).length,
    clusters: found.clusters.map(({ members, cohesion, nearestCluster }, index) => ({
      particles: members.length,
      cohesion,
      nearestCluster: nearestCluster < 0 ? undefined : nearestCluster + 1,
      listPath: listPath(index),
    })),
    truth,
    model: label,
    seed,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Groups particles by the angles between their embeddings, and lays them out on a map. @throws AbortError */
async function groupByEmbedding(
  { embeddings, size }: ClusterSource,
  options: Progress & { readonly seed: number; readonly resolution: number; readonly minimumSize: number },
) {
  const { seed, resolution, minimumSize, onProgress, signal } = options;
  const points = embeddings.slice();
  // Models that compare by a distance do not give unit vectors.
  normaliseRows(points, size);
  const total = points.length / size;
  const random = createRandom(seed);
  await breathe(signal);
  const nearest = nearestNeighbours(points, size, {
    neighbours: NEIGHBOURS,
    onProgress: (done) => onProgress?.({ stage: "comparing particles", done, total }),
  });
  await breathe(signal);
  const found = clusterEmbeddings(points, size, nearest, {
    ...{ resolution, minimumSize },
    random: random.fork("clusters"),
  });
  onProgress?.({ stage: "drawing the map", done: 0, total: 0 });
  await breathe(signal);
  const map = await embeddingMap(nearest, { random: random.fork("map") });
  await breathe(signal);
  return { found, map };
}
