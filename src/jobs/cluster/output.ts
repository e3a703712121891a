import type { StagedFiles } from "../../files/disk/index.js";
import type { EmbeddingClusters } from "../../infer/index.js";
import { classNameOf, type Particle, writeParticles } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { type ClusterReportCluster, clusterReport, type RunInformation } from "../../report/index.js";
import { createVolume, type Volume } from "../../volume/index.js";
import type { ClusterSource } from "./source.js";
import type { ClusterTruth } from "./truth.js";

/** What `cluster` has found, before it is written. */
export interface FoundClusters {
  readonly source: ClusterSource;
  readonly found: EmbeddingClusters;
  /** x and y of each particle in turn, 0 to 1. */
  readonly map: Float64Array;
  readonly truth: ClusterTruth | undefined;
  readonly run: RunInformation;
  readonly description: { readonly edge: number; readonly voxelSizeAngstrom: number };
}

/** The class name of the particles of a cluster; numbers begin at 1. */
export function clusterName(index: number): string {
  return index < 0 ? "unclustered" : `cluster ${index + 1}`;
}

/** Members whose boxes are averaged into a cluster's pictures: the most central ones. */
const AVERAGED_MEMBERS = 40;
/** Members that are shown one by one. */
const SHOWN_MEMBERS = 4;

/** Writes lists, report and sidecar. */
export async function writeClusters(files: StagedFiles, data: FoundClusters, options: Progress): Promise<void> {
  const { source, found, map, truth, run, description } = data;
  const centrality = new Float64Array(found.labels.length).fill(Number.NaN);
  for (const { members, centralities } of found.clusters)
    for (const [i, member] of members.entries()) centrality[member] = centralities[i]!;
  const rows = source.list.particles.map((particle, index): Particle => {
    const label = found.labels[index]!;
    const className = classNameOf(particle);
    return {
      ...particle,
      className: clusterName(label),
      classNumber: label + 1,
      extra: {
        ...particle.extra,
        ...(className !== undefined && { cosnetPreviousClassName: className }),
        ...(label >= 0 && { cosnetCentrality: centrality[index]!.toFixed(6) }),
        cosnetMapX: map[2 * index]!.toFixed(4),
        cosnetMapY: map[2 * index + 1]!.toFixed(4),
      },
    };
  });
  const comments = [
    `Clustered by cosnet ${run.version}: ${run.model}, seed ${run.seed}`,
    "The class is the cluster, 0 for particles in none; cosnetCentrality is the cosine to the cluster's mean, 1 at its middle.",
  ];
  const listText = (particles: readonly Particle[]) => {
    const list = { ...source.list, particles };
    const inTomograms = source.tomogramSizesAngstrom;
    const format = inTomograms || list.origin === "tomogram-centre" ? ("relion5" as const) : ("relion3.1" as const);
    return writeParticles(list, { format, comments, ...(inTomograms && { tomogramSizesAngstrom: inTomograms }) });
  };
  const pictures = await clusterPictures(data, options);
  for (const [index, { members }] of found.clusters.entries())
    await files.write(`lists/cluster-${index + 1}.star`, listText(members.map((member) => rows[member]!)));
  await files.write("report.html", clusterReport({ clusters: pictures, labels: found.labels, map, truth, run }));
  const summary = {
    ...run,
    facts: Object.fromEntries(run.facts ?? []),
    network: description,
    clusters: found.clusters.map(({ members, cohesion, nearestSimilarity, nearestCluster }, index) => ({
      name: clusterName(index),
      particles: members.length,
      cohesion,
      ...(nearestCluster >= 0 && { nearest: clusterName(nearestCluster), nearestSimilarity }),
      ...(truth?.majority[index] && { majority: truth.majority[index] }),
    })),
    ...(truth && { truth }),
  };
  await files.write("clusters.json", `${JSON.stringify(summary, null, 2)}\n`);
  await files.write("clusters.star", listText(rows));
  await breathe(options.signal);
}

/** The mean of each cluster's most central boxes as they lie, and some of them. */
async function clusterPictures(
  { source, found, truth, description }: FoundClusters,
  { onProgress, signal }: Progress,
): Promise<ClusterReportCluster[]> {
  const { edge, voxelSizeAngstrom } = description;
  const box = (data: Float32Array): Volume => createVolume([edge, edge, edge], voxelSizeAngstrom, data);
  const total = found.clusters.reduce((sum, { members }) => sum + Math.min(members.length, AVERAGED_MEMBERS), 0);
  const pictures: ClusterReportCluster[] = [];
  let done = 0;
  for (const [index, { members, ...figures }] of found.clusters.entries()) {
    const averaged = members.slice(0, AVERAGED_MEMBERS);
    const mean = new Float32Array(edge ** 3);
    const shown: Volume[] = [];
    for (const member of averaged) {
      const values = await source.readBox(member);
      for (let i = 0; i < mean.length; i++) mean[i]! += values[i]! / averaged.length;
      if (shown.length < SHOWN_MEMBERS) shown.push(box(values));
      onProgress?.({ stage: "averaging clusters", done: ++done, total });
      await breathe(signal);
    }
    pictures.push({
      ...figures,
      name: clusterName(index),
      particles: members.length,
      averaged: averaged.length,
      mean: box(mean),
      members: shown,
      ...(truth?.majority[index] && { majority: truth.majority[index] }),
    });
  }
  return pictures;
}
