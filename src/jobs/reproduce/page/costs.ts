/** The tables of the page on the size of each network and its training, and on the lead of ours. */
import { countText } from "../../../count-text.js";
import { percent } from "../../../evaluate/index.js";
import { type DataTable, groupedText, minus, noiseText, pointsText } from "../../../report/index.js";
import type { ReproductionLead } from "../leads.js";
import { columnOf } from "../lookups.js";
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
    there === own ? "–" : ratioText(own / there),
  ];
  return {
    head: [here.name, "paper", "here", "here / paper"],
    rows: [
      row("channels", paper.channels, channels, String),
      row("parameters", paper.parameters, here.parameters, groupedText),
      row("GFLOP a volume", paper.gigaflopPerVolume, here.gigaflopPerVolume, (value) => value.toFixed(2)),
      row("volumes a step", paper.batchVolumes, 2 * training.batchClasses, String),
      row("steps", paper.steps, training.steps, groupedText),
      row("volumes seen in training", paper.batchVolumes * paper.steps, training.volumes, groupedText),
      row("peak learning rate", paper.learningRate, training.peakLearningRate, (value) => value.toExponential(0)),
      row("training, TFLOP", paper.trainingTeraflop, training.trainingTeraflop, (value) =>
        groupedText(value >= 100 ? Math.round(value) : Number(value.toFixed(1))),
      ),
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
      groupedText(parameters),
      gigaflopPerVolume.toFixed(2),
      ...(training
        ? [
            String(2 * training.batchClasses),
            groupedText(training.steps),
            groupedText(training.volumes),
            training.trainingTeraflop.toFixed(1),
            training.validationScore.toFixed(3),
          ]
        : Array<string>(5).fill("–")),
    ]),
  };
}

/** Our network against each form of the paper's, on the same data. */
export function leadTable(leads: readonly ReproductionLead[]): DataTable {
  return {
    head: [
      "ours against",
      "cells won",
      "of these at p < 0.05",
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
      ...[lead.trainingFraction, lead.volumeFraction, lead.inferenceFraction].map(
        (fraction) => `${percent(fraction)} %`,
      ),
    ]),
  };
}

/** The table of leads in words, with every cell that was lost. */
export function leadText(leads: readonly ReproductionLead[]): string {
  const cells = leads.reduce((sum, lead) => sum + lead.cells, 0);
  const won = leads.reduce((sum, lead) => sum + lead.won, 0);
  const clearly = leads.reduce((sum, lead) => sum + lead.wonClearly, 0);
  const more = leads.filter(({ trainingFraction }) => trainingFraction >= 1).map(({ name }) => name);
  const arithmetic =
    more.length === 0
      ? "Its training takes less arithmetic than that of any form of the paper's network."
      : `Its training takes more arithmetic than that of ${more.join(", ")}.`;
  const lost = leads.flatMap(({ name, lost }) => lost.map((cell) => ({ name, ...cell })));
  const losses = lost
    .map(
      ({ name, way, snr, difference }) => `${name}, ${way}-way, ${noiseText(snr)} (${minus(pointsText(difference))})`,
    )
    .join("; ");
  const where = lost.length > 6 ? "The next table shows the others." : `The exceptions are: ${losses}.`;
  const outcome =
    won === cells
      ? `Our network, trained on the same data, is more accurate in all ${countText(cells, "comparison")}, in ${clearly === cells ? "each" : clearly} of them at p < 0.05.`
      : `Our network, trained on the same data, is more accurate in ${won} of ${countText(cells, "comparison")}, in ${clearly} of them at p < 0.05. ${where}`;
  return `${outcome} ${arithmetic} Differences are in percentage points of accuracy on the same episodes; McNemar's exact test, not corrected for the number of comparisons. Percentages of arithmetic and volumes are ours divided by those of the form.`;
}

function probabilityText(value: number): string {
  if (value >= 0.001) return value.toFixed(3);
  return value < 1e-10 ? "< 1e-10" : value.toExponential(0);
}

/** "1/8", "1/6,200", "10". */
function ratioText(ratio: number): string {
  const round = (value: number) => groupedText(Number(value.toPrecision(2)));
  return ratio < 1 ? `1/${round(1 / ratio)}` : round(ratio);
}
