import { countText } from "../../../count-text.js";
import { percent } from "../../../evaluate/index.js";
import { durationText, groupedText, type Markup, noiseText, type ReportSection } from "../../../report/index.js";
import type { RobustnessReport } from "../../robustness/index.js";
import { reproductionLeads } from "../leads.js";
import { cellOf, columnOf } from "../lookups.js";
import { diceSnrs, diceTableName, FULL_FORM, PAPER_DICE, type PaperSize, paperAccuracy, trainedWay } from "../paper.js";
import type { ReproductionTables } from "../tables.js";
import { costTable, leadTable, leadText, scalingTable } from "./costs.js";
import type { FigureFile, ReproductionReportData } from "./data.js";
import { differencesFromPaper, listText } from "./differences.js";
import { accuracyTable, diceTable, differenceTable, robustnessTable, spreadTable } from "./tables.js";

type Pictures = Readonly<Record<FigureFile, Markup>>;

const PICTURE_NOTE =
  "The particle is the first of its class at SNR 1000, not a chosen one. White: contour of the true mask; colour: that of the network's, after the conditional random field.";

/** The words, tables and pictures of the reproduction's report. */
export function reproductionSections(data: ReproductionReportData, pictures: Pictures): readonly ReportSection[] {
  const { tables, robustness } = data;
  const ways = trainedWays(tables);
  return [
    scaling(data),
    accuracies(data, pictures),
    masks(data, ways),
    {
      title: "Figure 3",
      introduction: `Three unseen classes by the paper's full network, trained for ${listText(ways.map(String))} ways, and by ours. ${PICTURE_NOTE}`,
      parts: [figure(pictures, "figure3.svg", "Segmentation of three unseen classes")],
    },
    {
      title: "Figure 4",
      introduction: `All unseen classes by the paper's network trained for 2 ways, without and with DuSE, and by ours. ${PICTURE_NOTE}`,
      parts: [figure(pictures, "figure4.svg", "Segmentation of all unseen classes")],
    },
    {
      title: "Choice of the examples",
      introduction:
        "With the same example of each class for all particles, as in practice: mean accuracy over 20 draws of the examples, with the worst and the best draw below.",
      parts: [{ kind: "table", table: spreadTable(tables) }],
    },
    ...(robustness ? [conditions(robustness)] : []),
    {
      title: "How this differs from the paper",
      introduction: "",
      parts: [{ kind: "terms", entries: differencesFromPaper(data, ways) }],
    },
  ];
}

function figure(pictures: Pictures, file: FigureFile, title: string) {
  return { kind: "picture", file, title, picture: pictures[file] } as const;
}

function scaling({ tables, settings, paperSize }: ReproductionReportData): ReportSection {
  return {
    title: "Scaling",
    introduction: `The paper's network at its own size (${paperSize.channels} channels, ${countText(paperSize.steps, "step")} in its authors' code) takes ${Math.round(paperSize.trainingTeraflop / 1000)} PFLOP to train, once for each number of ways and each noise level. Here it has ${countText(settings.channels, "channel")} and sees ${countText(settings.volumes, "volume")}. The network is otherwise as published; the learning rate is higher and decays. FLOP are counted exactly from the graphs (convolutions and matrix products, a multiplication and an addition counting as two).`,
    parts: [
      { kind: "table", table: scalingTable(tables, paperSize, settings.channels) },
      {
        kind: "heading",
        title: "Cost of each column",
        text: "All networks are trained on the same complexes under the imaging conditions of the test, with fresh poses, noise and neighbours at every draw. Ours gets the same batches in the same order as the paper's network trained for 2 ways, and stops where its training would take as much arithmetic as the cheapest form of the paper's network. Validation uses procedural complexes, which are in neither the training nor the test set; the checkpoint with the best score is measured. The score is the mean of the accuracies and, with a decoder, Dice, so it compares columns with a decoder only among themselves.",
      },
      { kind: "table", table: costTable(tables) },
    ],
  };
}

function accuracies({ tables, settings, paperSize }: ReproductionReportData, pictures: Pictures): ReportSection {
  const leads = reproductionLeads(tables);
  return {
    title: "Table 1: one-shot classification",
    introduction: `SCNN is the paper's Siamese network; DuSE adds its dual squeeze-and-excitation blocks, "+ decoder" the decoder that segments the particle and guides the comparison. Ours has both. Accuracy in % with its 95 % interval over ${countText(tables.episodes, "episode")} a cell; every network answers the same episodes on the same ${settings.particlesPerClass} particles of each class. Bold: the best of the networks trained on the same data. Figures stated in the paper's text are below ours; the other cells of its table are not known to us. The intervals do not cover the choice of particles and complexes.`,
    parts: [
      { kind: "table", table: accuracyTable(tables) },
      figure(
        pictures,
        "table1.svg",
        "Accuracy by task with 95 % intervals; rings are the paper's figures, dotted lines the level of guessing",
      ),
      { kind: "heading", title: "Comparison with the paper's own figures", text: besideThePaper(tables, paperSize) },
      ...(leads.length === 0
        ? []
        : ([
            { kind: "heading", title: "Our network against the paper's, on the same data", text: leadText(leads) },
            { kind: "table", table: leadTable(leads) },
          ] as const)),
      {
        kind: "heading",
        title: "Effects, cell by cell",
        text: "Difference in percentage points on the same episodes: * p < 0.05, ** p < 0.001 (McNemar's exact test). The test covers these particles, these classes and one training of each network; others would change the figures more than it says.",
      },
      { kind: "table", table: differenceTable(tables) },
    ],
  };
}

function masks({ tables, settings }: ReproductionReportData, ways: readonly number[]): ReportSection {
  return {
    title: "Tables 2 and 3: segmentation",
    introduction: `Mean Dice by class over ${settings.particlesPerClass} particles, before → after the fully connected conditional random field. ${
      ways.length > 1
        ? "The number of ways changes a mask only because the paper trains a network for each, as in the columns that name one."
        : "A mask does not depend on the number of classes to choose from; in the paper it does because a network is trained for each number."
    }`,
    parts: diceSnrs(tables.dice).flatMap((snr) => {
      const stated = PAPER_DICE.find((entry) => entry.snr === snr);
      return [
        {
          kind: "heading",
          title: `${diceTableName(snr)}: ${noiseText(snr)}`,
          text: stated
            ? `The paper's text states more than ${stated.above} for every class and every number of ways, with DuSE.`
            : "The paper has no such table.",
        },
        { kind: "table", table: diceTable(tables, snr) },
      ] as const;
    }),
  };
}

function conditions(robustness: RobustnessReport): ReportSection {
  return {
    title: "Other imaging conditions",
    introduction: `The shipped model under conditions that it may encounter, for examples and particles alike; below each figure the change from clean, in percentage points of accuracy and in Dice. ${robustness.particlesPerClass} particles of each class, ${countText(robustness.episodes, "episode")} a cell; with examples imaged under clean conditions instead: robustness.csv.`,
    parts: [{ kind: "table", table: robustnessTable(robustness) }],
  };
}

/** What is needed to repeat the run, beside command, seed and version. */
export function reproductionFacts({
  trainingComplexes,
  testComplexes,
  tables,
}: ReproductionReportData): [string, string][] {
  const hours = tables.columns.reduce((sum, { training }) => sum + (training?.hours ?? 0), 0);
  return [
    ["Time spent on training", durationText(3600 * hours)],
    ["Training complexes", trainingComplexes.length > 0 ? trainingComplexes.join(", ") : "14 procedural stand-ins"],
    ["Test complexes", testComplexes.join(", ")],
    ...tables.columns.map(({ name, model }): [string, string] => [name, model]),
  ];
}

/** The scaled network beside what the paper states of the full one. */
function besideThePaper(tables: ReproductionTables, paperSize: PaperSize): string {
  const cell = cellOf(tables, FULL_FORM, { way: 2, snr: 1000 });
  const training = columnOf(tables, FULL_FORM)?.training;
  if (!cell || !training) return "The full form of the paper's network was not measured.";
  const factor = Math.round(paperSize.trainingTeraflop / training.trainingTeraflop);
  return `The paper states ${paperAccuracy(FULL_FORM, 2, 1000)} % for its full network on 2-way tasks at SNR 1000; trained with 1/${groupedText(factor)} of the arithmetic, it reaches ${percent(cell.accuracy)} % here. The scale, the simulator and the complexes all differ, and this run cannot separate their effects: it compares networks of similar cost on the same data. What the paper's network would reach here at its full size was not measured.`;
}

/** The ways for which the paper's full network was trained. */
function trainedWays({ columns }: ReproductionTables): number[] {
  return columns.filter(({ key }) => key.startsWith(FULL_FORM)).map(({ key }) => trainedWay(key));
}
