/** The tables of the reproduction's page. */
import {
  diceTableName,
  differenceText,
  formatSnr,
  meanDice,
  noiseName,
  PAPER_DICE,
  paperAccuracy,
  type ReproductionCell,
  type ReproductionTables,
  tasksOf,
} from "../evaluate/index.js";
import { html, type Markup } from "./markup.js";
import { section } from "./page.js";
import type { RobustnessFigures } from "./reproduction-data.js";

/** A table with a heading row and a first column of names; numbers to the right. */
function dataTable(head: readonly string[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  return html`<div class="panel wide" style="margin:14px 0"><div class="scroll"><table style="font-size:13px"><tr>${head.map(
    (cell, index) => html`<th class="${index === 0 ? "" : "number"}" style="white-space:normal">${cell}</th>`,
  )}</tr>${rows.map(
    (row) =>
      html`<tr>${row.map((cell, index) => (index === 0 ? html`<th>${cell}</th>` : html`<td class="number">${cell}</td>`))}</tr>`,
  )}</table></div></div>`;
}

export function costTable({ columns }: ReproductionTables): Markup {
  return dataTable(
    [
      "network",
      "parameters",
      "volumes a step",
      "steps",
      "volumes seen",
      "GFLOP a volume",
      "training, TFLOP",
      "validation score",
    ],
    columns.map(({ name, training }) =>
      training
        ? [
            name,
            training.parameters.toLocaleString("en-US"),
            String(2 * training.batchClasses),
            String(training.steps),
            training.volumes.toLocaleString("en-US"),
            training.gigaflopPerVolume.toFixed(2),
            training.trainingTeraflop.toFixed(1),
            training.validationScore.toFixed(3),
          ]
        : [html`${name} <span class="quiet">(more data: see its model card)</span>`, ...Array<string>(7).fill("–")],
    ),
  );
}

export function accuracyTable({ columns, cells }: ReproductionTables): Markup {
  return dataTable(
    ["", ...columns.map(({ name, training }) => (training ? name : `${name} (more data)`))],
    tasksOf(cells).map(({ way, snr }) => {
      const here = cells.filter((cell) => cell.way === way && cell.snr === snr);
      const best = Math.max(...here.filter(({ network }) => network !== "shipped").map(({ accuracy }) => accuracy));
      return [
        `${way}-way, ${noiseName(snr)}`,
        ...columns.map(({ key }) => {
          const cell = here.find(({ network }) => network === key);
          return cell ? accuracyCell(cell, key !== "shipped" && cell.accuracy === best) : "–";
        }),
      ];
    }),
  );
}

function accuracyCell({ network, way, snr, accuracy, ci95 }: ReproductionCell, best: boolean): Markup {
  const stated = paperAccuracy(network, way, snr);
  const value = percent(accuracy);
  return html`${withRange(best ? html`<b>${value}</b>` : value, percent(ci95[0]), percent(ci95[1]))}${stated && html`<br><span style="color:var(--accent);font-size:11px">paper ${stated}</span>`}`;
}

export function differenceTable({ comparisons }: ReproductionTables): Markup {
  const tasks = tasksOf(comparisons);
  return dataTable(
    ["", ...tasks.map(({ way, snr }) => `${way}-way ${formatSnr(snr)}`)],
    [...new Set(comparisons.map(({ effect }) => effect))].map((effect) => [
      effect,
      ...tasks.map(({ way, snr }) => {
        const found = comparisons.find((entry) => entry.effect === effect && entry.way === way && entry.snr === snr);
        return found ? differenceText(found).replace("-", "−") : "–";
      }),
    ]),
  );
}

export function diceTable({ columns, dice }: ReproductionTables, snr: number): Markup {
  const masks = columns.filter(({ key }) => dice.some(({ network }) => network === key));
  const stated = PAPER_DICE.find((entry) => entry.snr === snr);
  const show = (before: number, after: number) => html`${before.toFixed(3)} → <b>${after.toFixed(3)}</b>`;
  const classes = [...new Set(dice.map((row) => row.class))];
  return html`<h3 style="margin-top:22px">${diceTableName(snr)}: ${noiseName(snr)}</h3>
<p class="quiet">${stated ? `The paper states more than ${stated.above} for every class and way, with DuSE.` : "The paper has no such table."}</p>
${dataTable(
  ["", ...masks.map(({ name }) => name)],
  [
    ...classes.map((name) => [
      name,
      ...masks.map(({ key }) => {
        const row = dice.find((entry) => entry.network === key && entry.snr === snr && entry.class === name);
        return row ? show(row.before, row.after) : "–";
      }),
    ]),
    ["mean", ...masks.map(({ key }) => show(meanDice(dice, key, snr, "before"), meanDice(dice, key, snr, "after")))],
  ],
)}`;
}

/** Mean over draws of the examples with worst and best, for the tasks with the fewest and the most classes. */
export function spreadTable({ columns, cells }: ReproductionTables): Markup {
  const ways = cells.map(({ way }) => way);
  const shown = tasksOf(cells).filter(({ way }) => way === Math.min(...ways) || way === Math.max(...ways));
  return dataTable(
    ["", ...columns.map(({ name }) => name)],
    shown.map(({ way, snr }) => [
      `${way}-way, ${noiseName(snr)}`,
      ...columns.map(({ key }) => {
        const cell = cells.find((entry) => entry.network === key && entry.way === way && entry.snr === snr);
        if (!cell) return "–";
        const { mean, minimum, maximum } = cell.spread;
        return withRange(percent(mean), percent(minimum), percent(maximum));
      }),
    ]),
  );
}

/** Accuracy and Dice of the shipped model under each condition with the change from clean. */
export function robustnessSection(figures: RobustnessFigures): Markup {
  const { conditions, cells, dice, episodes, particlesPerClass } = figures;
  const clean = conditions[0]!.name;
  const tasks = tasksOf(cells);
  const snrs = [...new Set(dice.map(({ snr }) => snr))];
  const accuracy = (condition: string, way: number, snr: number) =>
    cells.find((cell) => cell.condition === condition && cell.way === way && cell.snr === snr)?.accuracy ?? Number.NaN;
  const diceOf = (condition: string, snr: number) =>
    dice.find((row) => row.condition === condition && row.snr === snr)?.dice ?? Number.NaN;
  return section(
    "Other imaging conditions",
    `The shipped model under conditions it may meet, examples and particles alike; the change from clean below each figure. ${particlesPerClass} particles of each class, ${episodes.toLocaleString("en-US")} episodes a cell.`,
    dataTable(
      [
        "condition",
        ...tasks.map(({ way, snr }) => `${way}-way, ${noiseName(snr)}`),
        ...snrs.map((snr) => `Dice, ${noiseName(snr)}`),
      ],
      conditions.map(({ name, description }) => [
        html`${name}<br><span class="quiet" style="font-weight:400;font-size:11px">${description}</span>`,
        ...tasks.map(({ way, snr }) => {
          const own = accuracy(name, way, snr);
          return withChange(percent(own), name === clean ? undefined : 100 * (own - accuracy(clean, way, snr)), 1);
        }),
        ...snrs.map((snr) => {
          const own = diceOf(name, snr);
          return withChange(own.toFixed(3), name === clean ? undefined : own - diceOf(clean, snr), 3);
        }),
      ]),
    ),
  );
}

function withRange(value: Markup | string, low: string, high: string): Markup {
  return html`${value}<br><span class="quiet" style="font-size:11px;white-space:nowrap">${low} to ${high}</span>`;
}

function withChange(value: string, change: number | undefined, digits: number): Markup {
  if (change === undefined) return html`<b>${value}</b>`;
  const sign = change < 0 ? "−" : "+";
  return html`${value}<br><span class="quiet" style="font-size:11px">${sign}${Math.abs(change).toFixed(digits)}</span>`;
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}
