import { diceSnrs, meanDice, type ReproductionTables, SNR_DEFINITION, tasksOf } from "../evaluate/index.js";
import { html, type Markup } from "./markup.js";
import { countText, durationText, percentText, scoreText } from "./number-text.js";
import { glossary, headline, page, panel, runFacts, section } from "./page.js";
import { type Colour, classColour } from "./palette.js";
import { pictureGrid } from "./picture-grid.js";
import { accuracyChart } from "./reproduction-chart.js";
import type { ReproductionReportData } from "./reproduction-data.js";
import { type FigureNetwork, figure3, figure4 } from "./reproduction-figures.js";
import {
  accuracyTable,
  costTable,
  diceTable,
  differenceTable,
  robustnessSection,
  spreadTable,
} from "./reproduction-page-tables.js";

/** Colour and place of each known column; others follow. */
const COLOURS: Readonly<Record<string, Colour>> = {
  scnn: classColour(5),
  "scnn-decoder": classColour(0),
  "duse-scnn": classColour(1),
  "duse-scnn-decoder": classColour(4),
  cosnet: classColour(2),
  shipped: classColour(11),
};

export interface ReproductionReport {
  readonly html: string;
  /** SVG files by name. */
  readonly figures: ReadonlyMap<string, string>;
}

/** The page of `cosnet reproduce`, and its figures as files of their own. */
export function reproductionReport(data: ReproductionReportData): ReproductionReport {
  const { tables, examples, settings, run } = data;
  const networks = tables.columns.map(
    ({ key, name }, index): FigureNetwork => ({ key, name, colour: COLOURS[key] ?? classColour(index) }),
  );
  const of = (...keys: string[]) => keys.flatMap((key) => networks.filter((network) => network.key === key));
  const charted = networks.filter(({ key }) => key in COLOURS);
  const byWay = networks
    .filter(({ key }) => key.startsWith("duse-scnn-decoder"))
    .map((network) => ({ ...network, name: `${/-(\d+)way$/.exec(network.key)?.[1] ?? 2}-way` }));
  const inFigure3 = [...byWay, ...of("cosnet", "shipped")];
  const inFigure4 = of("scnn-decoder", "duse-scnn-decoder", "cosnet", "shipped");
  // Drawn once: the surfaces are most of the work of the whole page.
  const grid3 = figure3(examples, inFigure3);
  const grid4 = figure4(examples, inFigure4);
  const draw = (standalone: boolean) => ({
    "table1.svg": accuracyChart(tables.cells, charted, { standalone }),
    "figure3.svg": pictureGrid(grid3, { standalone }),
    "figure4.svg": pictureGrid(grid4, { standalone }),
  });
  const inPage = draw(false);
  const wins = winsOf(tables);
  const pictureNote =
    "The particle is the first drawn of its class, at SNR 1000; none was chosen. White: the true outline; colour: the network's, after the conditional random field.";
  const document = page({
    title: "cosnet: the paper's experiment",
    kind: settings.quick ? "reproduction, quick check" : "reproduction",
    body: [
      headline({
        title: "One-shot learning with attention-guided segmentation, reproduced",
        lead: `The experiment of Zhou et al. (2021) on cosnet's simulator: ${countText(data.trainingComplexes.length || 14, "complex", "complexes")} to train on, ${data.testComplexes.length} others to recognise from one example each.${settings.quick ? " This is a quick check that every part works; its figures mean nothing." : ""}`,
        figures: headlineFigures(tables, wins),
      }),
      section(
        "How it was scaled",
        `The paper's network has 64 channels and its authors' code trains for 40,000 steps. Here it has ${settings.channels} channels, and sees ${countText(settings.volumes, "volume")}, so that two processor cores suffice; ours sees no more of them, and fewer where its training would otherwise take as much arithmetic as the cheapest of the paper's. All are trained on the same complexes under the imaging conditions of the test, with fresh poses, noise and neighbours at every draw; the state that is measured is the best on procedural complexes, which are neither trained on nor tested.`,
        costTable(tables),
      ),
      section(
        "Table 1: one-shot classification",
        `Accuracy with its 95 % interval over ${countText(tables.episodes, "episode")} a cell; every network answers the same episodes on the same ${settings.particlesPerClass} particles of each class. Bold: the best of the networks trained on the same data. Where the paper's text states a figure it stands below ours; its other cells are not known.`,
        accuracyTable(tables),
        panel(
          "Accuracy by task",
          "Dots with 95 % intervals; the dotted line is guessing.",
          inPage["table1.svg"],
          "wide",
        ),
        html`<h3 style="margin-top:28px">What makes the difference</h3>
<p class="quiet">Difference in points on the same episodes, with McNemar's exact test: * p &lt; 0.05, ** p &lt; 0.001. It speaks of these particles and classes; others would move the figures more than the test says.</p>`,
        differenceTable(tables),
      ),
      section(
        "Tables 2 and 3: segmentation",
        "Mean Dice by class, before → after the fully connected conditional random field. A mask does not depend on the number of classes that are told apart; in the paper it does because a network is trained for each number, as in the columns marked 4-way and 6-way.",
        html`${diceSnrs(tables.dice).map((snr) => diceTable(tables, snr))}`,
      ),
      section(
        "Figure 3",
        `Three unseen classes and the paper's network trained for 2, 4 and 6 ways. ${pictureNote}`,
        figure(inPage["figure3.svg"]),
      ),
      section(
        "Figure 4",
        `All unseen classes, without and with DuSE, and ours. ${pictureNote}`,
        figure(inPage["figure4.svg"]),
      ),
      section(
        "Which example is drawn",
        "With the same example of each class for all particles, as in use: mean accuracy over 20 draws of the examples, and the worst and the best draw.",
        spreadTable(tables),
      ),
      ...(data.robustness ? [robustnessSection(data.robustness)] : []),
      section("How this differs from the paper", "", glossary(differences(data))),
      section(
        "How to repeat this",
        "The same command, seed and version give the same figures.",
        runFacts({ ...run, facts: factsOf(data) }),
      ),
    ],
  });
  return {
    html: document,
    figures: new Map(Object.entries(draw(true)).map(([name, { markup }]) => [name, markup])),
  };
}

const isPaper = (key: string): boolean => key.includes("scnn");

/** In how many cells ours on the same data beats every form of the paper's network, and the smallest and largest lead in points. */
function winsOf({ cells }: ReproductionTables) {
  const leads = tasksOf(cells).map(({ way, snr }) => {
    const here = cells.filter((cell) => cell.way === way && cell.snr === snr);
    const best = Math.max(...here.filter(({ network }) => isPaper(network)).map(({ accuracy }) => accuracy));
    return (here.find(({ network }) => network === "cosnet")?.accuracy ?? Number.NaN) - best;
  });
  return {
    cells: leads.length,
    won: leads.filter((lead) => lead > 0).length,
    low: Math.min(...leads),
    high: Math.max(...leads),
  };
}

function headlineFigures(tables: ReproductionTables, wins: ReturnType<typeof winsOf>) {
  const at = (network: string) =>
    tables.cells.find((cell) => cell.network === network && cell.way === 2 && cell.snr === 1000);
  const compute = (network: string) =>
    tables.columns.find(({ key }) => key === network)?.training?.trainingTeraflop ?? Number.NaN;
  const paperCompute = tables.columns.filter(({ key }) => isPaper(key)).map(({ key }) => compute(key));
  const points = (value: number) => (100 * value).toFixed(1).replace("-", "−");
  return [
    {
      number: percentText(at("cosnet")?.accuracy ?? Number.NaN),
      label: "2-way accuracy, SNR 1000",
      detail: `our network on the same data; the paper's, scaled: ${percentText(at("duse-scnn-decoder")?.accuracy ?? Number.NaN)}; as shipped: ${percentText(at("shipped")?.accuracy ?? Number.NaN)}`,
    },
    {
      number: `${wins.won} of ${wins.cells}`,
      label: "cells of Table 1 won on the same data",
      detail: `lead over the best form of the paper's network: ${points(wins.low)} to ${points(wins.high)} points, with ${percentText(compute("cosnet") / Math.min(...paperCompute), 0)} of the arithmetic of its cheapest form`,
    },
    {
      number: scoreText(meanDice(tables.dice, "shipped", 1000, "after"), 3),
      label: "mean Dice as shipped, SNR 1000",
      detail: `same data: ${scoreText(meanDice(tables.dice, "cosnet", 1000, "after"), 3)}; the paper's, scaled: ${scoreText(meanDice(tables.dice, "duse-scnn-decoder", 1000, "after"), 3)}`,
    },
  ];
}

function figure(picture: Markup): Markup {
  return html`<div class="panel wide"><div class="scroll">${picture}</div></div>`;
}

function differences({ trainingComplexes, testComplexes }: ReproductionReportData): (readonly [string, string])[] {
  const given =
    trainingComplexes.length > 0
      ? `${trainingComplexes.length} to train on, named at the end of this page`
      : "procedural complexes to train on";
  return [
    [
      "Complexes",
      `${given}, and ${testComplexes.length} to test on; the paper has 14 and 8 from the Protein Data Bank, three of them named in its text.`,
    ],
    [
      "Subtomograms",
      "Rendered one by one with neighbours, missing wedge (±60°), contrast transfer, detector and noise, rather than cut from packed tomograms; new ones at every training step instead of 5,835 kept ones.",
    ],
    [
      "Noise levels",
      "One training serves all: each batch mixes clean and noisy particles. The paper trains a network for each.",
    ],
    [
      "Ways",
      "The paper's four columns are trained on 2-way episodes here and tested with 2, 4 and 6 ways; where there are columns marked 4-way and 6-way, its full network is trained on such episodes, too, as in the paper.",
    ],
    [
      "Learning rate",
      "1e-3 at its peak, falling to a fiftieth, for the paper's network: 1e-4, as in its authors' code, needs many more steps than these.",
    ],
    ["Conditional random field", "With parameters fitted on masks of cosnet's own model, for all networks alike."],
    ["SNR", `${SNR_DEFINITION[0]!.toUpperCase()}${SNR_DEFINITION.slice(1)}. The paper does not define its own.`],
  ];
}

function factsOf({ trainingComplexes, testComplexes, tables }: ReproductionReportData): [string, string][] {
  const hours = tables.columns.reduce((sum, { training }) => sum + (training?.hours ?? 0), 0);
  return [
    ["Training complexes", trainingComplexes.length > 0 ? trainingComplexes.join(", ") : "14 procedural stand-ins"],
    ["Test complexes", testComplexes.join(", ")],
    ["All trainings together", durationText(3600 * hours)],
    ...tables.columns.map(({ name, model }): [string, string] => [name, model]),
  ];
}
