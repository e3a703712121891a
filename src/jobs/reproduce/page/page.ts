import { countText } from "../../../count-text.js";
import { percent } from "../../../evaluate/index.js";
import {
  type Colour,
  classColour,
  durationText,
  escapeMarkdown,
  type HeadlineFigure,
  headline,
  htmlSection,
  type Markup,
  markdownSection,
  minus,
  page,
  percentText,
  pictureGrid,
  pointsText,
  runFacts,
  scoreText,
} from "../../../report/index.js";
import { type ReproductionLead, reproductionLeads } from "../leads.js";
import { cellOf, meanDice } from "../lookups.js";
import { FULL_FORM, trainedWay } from "../paper.js";
import { OWN_NETWORK } from "../tables.js";
import { accuracyChart } from "./chart.js";
import type { FigureFile, ReproductionReportData } from "./data.js";
import { type FigureNetwork, figure3, figure4 } from "./figures.js";
import { reproductionFacts, reproductionSections } from "./sections.js";

/** Colour of each known column. */
const COLOURS: Readonly<Record<string, Colour>> = {
  scnn: classColour(5),
  "scnn-decoder": classColour(0),
  "duse-scnn": classColour(1),
  [FULL_FORM]: classColour(4),
  [OWN_NETWORK]: classColour(2),
  shipped: classColour(11),
};

const TITLE = "One-shot learning with attention-guided segmentation, reproduced";

/** The report of `cosnet reproduce` as a page and as Markdown with links to its figures, and these as SVG by file name. */
export function reproductionReport(data: ReproductionReportData) {
  const { settings, run } = data;
  const draw = pictureDrawer(data);
  const sections = reproductionSections(data, draw(false));
  const headlines = headlineFigures(data, reproductionLeads(data.tables));
  const facts = reproductionFacts(data);
  const lead = `The experiment of Zhou et al. (2021) on cosnet's simulator: ${countText(data.trainingComplexes.length || 14, "complex", "complexes")} to train on, ${data.testComplexes.length} others to recognise from one example each.${settings.quick ? " This was a quick check that every part works; its figures mean nothing." : ""}`;
  const repeat = {
    title: "How to repeat this run",
    introduction:
      "Run the same command and version with the same structures; on the same folder, only missing parts are computed. Sums of float32 differ in their last digits between processors and numbers of threads, so trainings as short as these differ slightly. Times are wall-clock times of all runs together.",
  };
  const document = page({
    title: "cosnet: the paper's experiment",
    kind: settings.quick ? "reproduction, quick check" : "reproduction",
    body: [
      headline({ title: TITLE, lead, figures: headlines }),
      ...sections.map(htmlSection),
      htmlSection({ ...repeat, parts: [] }),
      runFacts({ ...run, facts }),
    ],
  });
  const numbers = ["tables.json", "table1.csv", "table1-paired.csv", "tables2-3.csv"];
  if (data.robustness) numbers.push("robustness.csv");
  const markdown = [
    `# ${TITLE}`,
    `${escapeMarkdown(lead)} Written by \`cosnet reproduce\`; as a single page: [report.html](report.html); as numbers: ${numbers.map((file) => `[${file}](${file})`).join(", ")}.`,
    headlines
      .map(([number, label, detail]) => `- **${escapeMarkdown(`${number} ${label}`)}**: ${escapeMarkdown(detail)}`)
      .join("\n"),
    ...sections.map(markdownSection),
    markdownSection({
      ...repeat,
      parts: [
        {
          kind: "terms",
          entries: [
            ["Seed", String(run.seed)],
            ["cosnet version", run.version],
            ["Time taken", durationText(run.durationSeconds)],
            ...facts,
          ],
        },
      ],
    }),
    `\`\`\`bash\n${run.command}\n\`\`\``,
  ].join("\n\n");
  return {
    html: document,
    markdown: `${markdown}\n`,
    figures: new Map(Object.entries(draw(true)).map(([name, { markup }]) => [name, markup])),
  };
}

/** All pictures by their file's name, as files of their own or as parts of a page. Surfaces, most of the work, are drawn once. */
function pictureDrawer({
  tables,
  examples,
}: ReproductionReportData): (standalone: boolean) => Record<FigureFile, Markup> {
  const networks = tables.columns.map(
    ({ key, name }, index): FigureNetwork => ({ key, name, colour: COLOURS[key] ?? classColour(index) }),
  );
  const of = (...keys: string[]) => keys.flatMap((key) => networks.filter((network) => network.key === key));
  const charted = networks.filter(({ key }) => key in COLOURS);
  const [full] = of(FULL_FORM);
  const byWay = networks
    .filter(({ key }) => key.startsWith(FULL_FORM))
    .map(({ key }) => ({ key, name: `paper's, ${trainedWay(key)}-way`, colour: full?.colour ?? classColour(0) }));
  const grid3 = figure3(examples, [...byWay, ...of(OWN_NETWORK, "shipped")]);
  const grid4 = figure4(examples, of("scnn-decoder", FULL_FORM, OWN_NETWORK, "shipped"));
  return (standalone) => ({
    "table1.svg": accuracyChart(tables.cells, charted, { standalone }),
    "figure3.svg": pictureGrid(grid3, { standalone }),
    "figure4.svg": pictureGrid(grid4, { standalone }),
  });
}

function headlineFigures({ tables }: ReproductionReportData, leads: readonly ReproductionLead[]): HeadlineFigure[] {
  const at = (network: string) => percentText(cellOf(tables, network, { way: 2, snr: 1000 })?.accuracy ?? Number.NaN);
  const diceOf = (network: string) => scoreText(meanDice(tables.dice, network, 1000).after, 3);
  const sum = (numberOf: (lead: ReproductionLead) => number) =>
    leads.reduce((total, lead) => total + numberOf(lead), 0);
  const points = (value: number) => minus(pointsText(value));
  const fractions = leads.map(({ trainingFraction }) => trainingFraction);
  const [least, most] = [Math.min(...fractions), Math.max(...fractions)];
  const fraction = least === most ? percentText(least) : `${percent(least)} to ${percentText(most)}`;
  return [
    [
      at(OWN_NETWORK),
      "2-way accuracy, SNR 1000",
      `our network on the same data; the paper's, scaled: ${at(FULL_FORM)}; as shipped: ${at("shipped")}`,
    ],
    [
      `${sum(({ won }) => won)} of ${sum(({ cells }) => cells)}`,
      "cells of Table 1 won on the same data",
      `${countText(leads.length, "form")} of the paper's network, ${countText(leads[0]?.cells ?? 0, "task")} each; lead ${points(Math.min(...leads.map(({ smallest }) => smallest)))} to ${points(Math.max(...leads.map(({ largest }) => largest)))} points, with ${fraction} of the training's arithmetic`,
    ],
    [
      diceOf("shipped"),
      "mean Dice as shipped, SNR 1000",
      `same data: ${diceOf(OWN_NETWORK)}; the paper's, scaled: ${diceOf(FULL_FORM)}`,
    ],
  ];
}
