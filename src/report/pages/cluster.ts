import { countText } from "../../count-text.js";
import type { Volume } from "../../volume/index.js";
import { clusterMap } from "../chart/cluster-map.js";
import { countBars } from "../chart/interval-bars.js";
import { classColour, cssColour } from "../chart/palette.js";
import { boxNote, sliceViews } from "../page/box-view.js";
import type { RunInformation } from "../page/data.js";
import { html, type Markup } from "../page/markup.js";
import { groupedText, percentText, scoreText } from "../page/number-text.js";
import { panel, panels, runPage, section, type Terms } from "../page/page.js";
import { pngDataUri } from "../picture/png.js";
import { centralSlice, contrastRange, slicePicture } from "../picture/slice.js";

/** A cluster and what is shown of it. */
export interface ClusterReportCluster {
  readonly name: string;
  readonly particles: number;
  /** Mean cosine of the members to the cluster's mean. */
  readonly cohesion: number;
  readonly nearestCluster: number;
  readonly nearestSimilarity: number;
  /** Mean of the `averaged` most central boxes, unaligned. */
  readonly mean: Volume;
  readonly averaged: number;
  /** The most central boxes. */
  readonly members: readonly Volume[];
  /** Its most frequent true class, and the fraction of its members, 0 to 1; where there is ground truth. */
  readonly majority?: { readonly className: string; readonly share: number };
}

export interface ClusterReportData {
  readonly clusters: readonly ClusterReportCluster[];
  /** Cluster of each particle, -1 for none. */
  readonly labels: Int32Array;
  /** x and y of each particle in turn, 0 to 1. */
  readonly map: Float64Array;
  readonly truth?:
    | {
        readonly adjustedRandIndex: number;
        readonly known: number;
        readonly purity: number;
        readonly coveredClasses: number;
        readonly classes: number;
        readonly source: string;
      }
    | undefined;
  readonly run: RunInformation;
}

/** The page of `cosnet cluster`: a map of all particles, pictures of every cluster, and how to go on. */
export function clusterReport({ clusters, labels, map, truth, run }: ClusterReportData): string {
  const unclustered = labels.filter((label) => label < 0).length;
  return runPage({
    title: `${countText(clusters.length, "cluster")} of ${countText(labels.length, "particle")}`,
    kind: "clustering without examples",
    answer: {
      title: `${countText(labels.length, "particle")} in ${countText(clusters.length, "cluster")}`,
      lead: "Grouped by what they look like to the network, without examples or ground truth. A cluster may be one kind of molecule, several kinds that look alike, or false positives.",
      figures: [
        [groupedText(clusters[0]?.particles ?? 0), "in the largest cluster", clusters[0]?.name ?? ""],
        [groupedText(unclustered), "in no cluster", "their groups are too small"],
        ...(truth
          ? ([
              [
                scoreText(truth.adjustedRandIndex),
                "adjusted Rand index",
                `against ${truth.source}; 1 is perfect, 0 is chance`,
              ],
              [
                `${truth.coveredClasses} of ${truth.classes}`,
                "classes have a cluster",
                `${percentText(truth.purity)} of ${truth.known} known particles belong to the main class of their cluster`,
              ],
            ] as const)
          : []),
      ],
    },
    sections: [
      section(
        "Map",
        "Every dot is a particle; neighbours look alike. Distances between groups that are far apart, and the sizes of groups, mean little.",
        panels(
          panel(
            "Particles by cluster",
            "A UMAP projection. The clusters were found in the embeddings themselves, not in this picture.",
            clusterMap(labels, map, clusters.length),
            "wide",
          ),
          sizes(clusters),
        ),
      ),
      section(
        "Clusters",
        `At the top the mean of the most central members, unaligned, in three slices; below it some of these members, from above. A mean with a clear shape in its middle is a good candidate for an example. ${boxNote(clusters[0]?.mean)}`,
        html`<div class="cards">${clusters.map((entry, index) => card(entry, index, clusters))}</div>`,
      ),
      section(
        "How to go on",
        "Choose the clusters that are molecules of interest; their most central members become the examples for cosnet pick.",
        html`<p><code>cosnet cluster FOLDER --choose 1,4,7 --output examples.star</code></p>
<p><code>cosnet cluster FOLDER --choose ribosome=1,proteasome=4+7 --output examples.star</code></p>
<p><code>cosnet pick TOMOGRAM --examples examples.star</code></p>`,
      ),
    ],
    terms: truth ? [...GLOSSARY, ...TRUTH_GLOSSARY] : GLOSSARY,
    run,
  });
}

function sizes(clusters: readonly ClusterReportCluster[]): Markup | undefined {
  if (clusters.length === 0) return undefined;
  return panel(
    "Particles by cluster",
    "",
    countBars(
      "Particles by cluster",
      clusters,
      clusters.map(({ particles }) => particles),
      clusters.map(
        ({ particles, majority }) =>
          `${particles}${majority ? `, ${percentText(majority.share, 0)} ${majority.className}` : ""}`,
      ),
    ),
    "wide",
  );
}

function card(entry: ClusterReportCluster, index: number, clusters: readonly ClusterReportCluster[]): Markup {
  const colour = classColour(index);
  const nearest = clusters[entry.nearestCluster];
  const similar = nearest ? ` Most similar to ${nearest.name} (${scoreText(entry.nearestSimilarity)}).` : "";
  const truth = entry.majority
    ? ` ${percentText(entry.majority.share, 0)} of its members are ${entry.majority.className}.`
    : "";
  return html`<div class="card" style="--class:${cssColour(colour)}">
<header><span class="chip"></span><h3>${entry.name}</h3><span class="quiet">${countText(entry.particles, "particle")}</span></header>
<div class="slices three">${sliceViews({ volume: entry.mean }, colour)}</div>
<p class="caption">Mean of ${countText(entry.averaged, "box", "boxes")}. Cohesion ${scoreText(entry.cohesion)}.${similar}${truth}</p>
<div style="display:grid;grid-template-columns:repeat(4,1fr);gap:3px;margin-top:8px">${entry.members.map(slice)}</div></div>`;
}

function slice({ data, shape }: Volume): Markup {
  const picture = slicePicture(centralSlice(data, shape, "z"), contrastRange(data), { scale: 2 });
  return html`<img src="${pngDataUri(picture)}" alt="xy slice of a member" style="width:100%;border-radius:5px;display:block">`;
}

const GLOSSARY: Terms = [
  ["Cohesion", "Similarity of the members: the mean cosine of their embeddings to their mean, 1 if all are identical."],
  [
    "Most similar",
    "The cluster with the nearest mean, with the cosine between the means. Two clusters near 1 may be one kind of molecule.",
  ],
];

const TRUTH_GLOSSARY: Terms = [
  [
    "Adjusted Rand index",
    "Over all pairs of particles, how often clusters and true classes agree that they belong together or apart, corrected for chance.",
  ],
];
