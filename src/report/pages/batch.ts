import { countText } from "../../count-text.js";
import type { RunInformation } from "../page/data.js";
import { colourChip, plainTable } from "../page/data-table.js";
import { html } from "../page/markup.js";
import { durationText, groupedText } from "../page/number-text.js";
import { panel, panels, runPage, section } from "../page/page.js";
import { SECTION_COUNT } from "../page/tomogram-slice.js";
import { warningSection } from "../page/warning-section.js";
import type { PickSlice } from "./pick/data.js";
import { circledSlice, legend } from "./pick/where.js";

/** A tomogram of a batch whose particles have been found. */
export interface BatchReportTomogram {
  readonly name: string;
  /** Picks of each class, in their order. */
  readonly counts: readonly number[];
  readonly candidates: number;
  readonly contrast: string;
  readonly voxelSize: string;
  readonly seconds: number;
  /** In what it is unlike the others. */
  readonly outlier: readonly string[];
  readonly slice?: PickSlice | undefined;
}

/** All that the page of `cosnet batch` shows. */
export interface BatchReportData {
  readonly classes: readonly string[];
  readonly tomograms: readonly BatchReportTomogram[];
  /** What did not end well, and how it is tried again. */
  readonly failures: readonly { readonly what: string; readonly reason: string; readonly command: string }[];
  readonly warnings: readonly string[];
  readonly averages: readonly (readonly [name: string, value: string])[];
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: Omit<RunInformation, "model"> & Partial<RunInformation>;
}

/** The page over all tomograms of a batch: how many particles of each class are in each, what stands out, and what failed. */
export function batchReport(data: BatchReportData): string {
  const { classes, tomograms, failures, warnings, averages, outputs, run } = data;
  const totals = classes.map((_, label) => tomograms.reduce((sum, { counts }) => sum + (counts[label] ?? 0), 0));
  const picks = totals.reduce((sum, count) => sum + count, 0);
  const outliers = tomograms.filter(({ outlier }) => outlier.length > 0);
  const pictured = tomograms.filter(({ slice }) => slice !== undefined);
  return runPage({
    title: `${countText(picks, "particle")} in ${countText(tomograms.length, "tomogram")}`,
    kind: "batch",
    answer: {
      title: `${countText(picks, "particle")} of ${countText(classes.length, "class", "classes")} in ${countText(tomograms.length, "tomogram")}`,
      lead: "What was found in each tomogram, and what is unlike the others. The page of the picks shows examples, confidence and particles.",
      figures: [
        [groupedText(tomograms.length), tomograms.length === 1 ? "tomogram" : "tomograms", "searched and gathered"],
        [groupedText(outliers.length), outliers.length === 1 ? "outlier" : "outliers", "look at these first"],
        [
          groupedText(failures.length),
          failures.length === 1 ? "failure" : "failures",
          failures.length > 0 ? "left out of the lists" : "nothing is left out",
        ],
      ],
    },
    sections: [
      failures.length > 0
        ? section(
            "What failed",
            "Everything else is gathered without it; the command tries it again.",
            plainTable(
              ["what", "reason", "to try it again"],
              failures.map(({ what, reason, command }) => [what, reason, html`<code>${command}</code>`]),
              [3],
            ),
          )
        : undefined,
      warningSection(warnings),
      outliers.length > 0
        ? section(
            "What stands out",
            "Tomograms unlike the others: a wrong voxel size or contrast, empty ice, a reconstruction that failed, or simply other cells.",
            plainTable(
              ["tomogram", "how it is unlike the others"],
              outliers.map(({ name, outlier }) => [name, outlier.join("; ")]),
              [2],
            ),
          )
        : undefined,
      section(
        "Picks by tomogram and class",
        "The same numbers are in counts.csv.",
        plainTable(
          ["tomogram", ...classes, "picks", "candidates", "time", "contrast", "voxel size"],
          [
            [
              "all",
              ...totals.map(groupedText),
              groupedText(picks),
              groupedText(tomograms.reduce((sum, { candidates }) => sum + candidates, 0)),
              "",
              "",
              "",
            ],
            ...tomograms.map(({ name, counts, candidates, seconds, contrast, voxelSize }) => [
              name,
              ...classes.map((_, label) => groupedText(counts[label] ?? 0)),
              groupedText(counts.reduce((sum, count) => sum + count, 0)),
              groupedText(candidates),
              durationText(seconds),
              contrast,
              voxelSize,
            ]),
          ],
          [1, classes.length + 4],
        ),
      ),
      pictured.length > 0
        ? section(
            "Each tomogram",
            `The middle section with a circle where it cuts a candidate: in the colour of its class, or dashed and grey where it was not picked. ${SECTION_COUNT}${pictured.length < tomograms.length ? ` ${countText(pictured.length, "tomogram is", "tomograms are")} shown, those that stand out first.` : ""}`,
            legend(classes.map((name) => ({ name, examples: [] }))),
            panels(
              html`${pictured.map(({ name, counts, slice }) =>
                panel(
                  name,
                  classes.map((one, label) => `${one} ${counts[label] ?? 0}`).join(", "),
                  slice ? circledSlice(slice) : html``,
                ),
              )}`,
            ),
          )
        : undefined,
      averages.length > 0
        ? section(
            "Averages",
            "Resolution is where the halves' correlation falls to 0.143.",
            plainTable(
              ["class", "average"],
              averages.map(([name, value]) => [html`${colourChip(Math.max(0, classes.indexOf(name)))} ${name}`, value]),
              [2],
            ),
          )
        : undefined,
    ],
    outputs,
    run: { ...run, model: run.model ?? "none" },
  });
}
