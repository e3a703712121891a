/** The tables of the page that say how large each network and its training was, and what ours gains by it. */
import { countText, type DataTable } from "../../../report/index.js";
import type { ReproductionLead } from "../leads.js";
import { columnOf } from "../lookups.js";
import { minus, noiseName, percent, pointsText } from "../number-text.js";
import { FULL_FORM, type PaperSize } from "../paper.js";
import type { ReproductionTables } from "../tables.js";

/** The full form of the paper's network at the paper's size and as it was trained here; without it, an empty table. */
export function scalingTable(tables: ReproductionTables, paper: PaperSize, channels: number): DataTable {
  const here = columnOf(tables, FULL_FORM);
  const training = here?.training;
  if (!here || !training) return { head: [], rows: [] };
  const row = (name: string, there: number, own: number, show: (value: number) => string) => [
    name,
    show(there),
    show(own),
    there === own ? "–" : shareText(own / there),
  ];
  return {
    head: [here.name, "paper", "here", "here / paper"],
    rows: [
      row("channels", paper.channels, channels, String),
      row("parameters", paper.parameters, here.parameters, grouped),
      row("GFLOP a volume", paper.gigaflopPerVolume, here.gigaflopPerVolume, (value) => value.toFixed(2)),
      row("volumes a step", paper.batchVolumes, 2 * training.batchClasses, String),
      row("steps", paper.steps, training.steps, grouped),
      row("volumes seen in training", paper.batchVolumes * paper.steps, training.volumes, grouped),
      row("peak learning rate", paper.learningRate, training.peakLearningRate, (value) => value.toExponential(0)),
      row("training, TFLOP", paper.trainingTeraflop, training.trainingTeraflop, (value) => grouped(round(value))),
    ],
  };
}

export function costTable({ columns }: ReproductionTables): DataTable {
  return {
    head: [
      "network",
      "parameters",
      "GFLOP a volume",
      "volumes a step",
      "steps",
      "volumes seen",
      "training, TFLOP",
      "validation score",
    ],
    rows: columns.map(({ name, parameters, gigaflopPerVolume, training }) => [
      training ? name : { text: name, note: "more data: see its model card" },
      grouped(parameters),
      gigaflopPerVolume.toFixed(2),
      ...(training
        ? [
            String(2 * training.batchClasses),
            grouped(training.steps),
            grouped(training.volumes),
            training.trainingTeraflop.toFixed(1),
            training.validationScore.toFixed(3),
          ]
        : Array<string>(5).fill("–")),
    ]),
  };
}

/** Ours on the same data against each form of the paper's network. */
export function leadTable(leads: readonly ReproductionLead[]): DataTable {
  return {
    head: [
      "ours against",
      "cells won",
      "of them at p < 0.05",
      "largest p of those won",
      "smallest lead",
      "mean lead",
      "largest lead",
      "arithmetic of training",
      "volumes seen",
      "arithmetic of a volume",
    ],
    rows: leads.map((lead) => [
      lead.name,
      { text: `${lead.won} of ${lead.cells}`, strong: true },
      String(lead.wonClearly),
      probabilityText(lead.largestPValue),
      ...[lead.smallest, lead.mean, lead.largest].map((value) => minus(pointsText(value))),
      ...[lead.trainingShare, lead.volumeShare, lead.inferenceShare].map((share) => `${percent(share)} %`),
    ]),
  };
}

/** What the table of leads says, and every cell that was lost. */
export function leadText(leads: readonly ReproductionLead[]): string {
  const cells = leads.reduce((sum, lead) => sum + lead.cells, 0);
  const won = leads.reduce((sum, lead) => sum + lead.won, 0);
  const clearly = leads.reduce((sum, lead) => sum + lead.wonClearly, 0);
  const more = leads.filter(({ trainingShare }) => trainingShare >= 1).map(({ name }) => name);
  const arithmetic =
    more.length === 0
      ? "Its training takes less arithmetic than that of any form of the paper's network."
      : `Its training takes more arithmetic than that of ${more.join(", ")}.`;
  const lost = leads.flatMap(({ name, lost }) => lost.map((cell) => ({ name, ...cell })));
  const losses = lost
    .map(
      ({ name, way, snr, difference }) => `${name}, ${way}-way, ${noiseName(snr)} (${minus(pointsText(difference))})`,
    )
    .join("; ");
  const where = lost.length > 6 ? "See the next table for the others." : `It is not in: ${losses}.`;
  const outcome =
    won === cells
      ? `Our network, trained on the same data, is the more accurate in all ${countText(cells, "comparison")}, in ${clearly === cells ? "each" : clearly} of them at p < 0.05.`
      : `Our network, trained on the same data, is the more accurate in ${won} of ${countText(cells, "comparison")}, in ${clearly} of them at p < 0.05. ${where}`;
  return `${outcome} ${arithmetic} Differences in points of accuracy on the same episodes, McNemar's exact test, without a correction for the number of comparisons; shares are ours divided by the form's.`;
}

function probabilityText(value: number): string {
  if (value >= 0.001) return value.toFixed(3);
  return value < 1e-10 ? "< 1e-10" : value.toExponential(0);
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** Whole where there are digits enough. */
function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toFixed(1));
}

/** "1/8", "1/6,200", "10". */
function shareText(share: number): string {
  const round = (value: number) => Number(value.toPrecision(2)).toLocaleString("en-US");
  return share < 1 ? `1/${round(1 / share)}` : round(share);
}
