import { plainTable } from "../../page/data-table.js";
import { html, type Markup } from "../../page/markup.js";
import { percentText, scoreText } from "../../page/number-text.js";
import { section } from "../../page/page.js";
import type { PickReportData } from "./data.js";

const SHOWN_DEPENDENCE = 40;

/** Which examples many picks depend on. */
export function dependenceSection({ dependence, classes }: PickReportData): Markup {
  const title = "What depends on each example";
  const measured = dependence
    .flatMap(({ changedShare, ...rest }) => (changedShare === undefined ? [] : [{ changedShare, ...rest }]))
    .sort((a, b) => b.changedShare - a.changedShare);
  if (measured.length === 0)
    return section(
      title,
      "Every class has a single example, so none can be left out to see what changes. A second example of each class makes the result more robust and this table possible.",
    );
  return section(
    title,
    "Each example was left out in turn and all picks were identified again. An example deserves a second look if many picks depend on it, or if the other examples assign it to another class.",
    plainTable(
      [
        "Example",
        "Class",
        "Picks that change class without it",
        "Similarity to the rest of its class",
        "Class by the other examples",
      ],
      measured
        .slice(0, SHOWN_DEPENDENCE)
        .map(({ source, classIndex, changedShare, ownSimilarity, recognised }) => [
          source,
          classes[classIndex]?.name ?? "a negative",
          percentText(changedShare),
          scoreText(ownSimilarity ?? Number.NaN),
          recognised ? "the same" : "another",
        ]),
      [2, 4],
    ),
    measured.length > SHOWN_DEPENDENCE
      ? html`<p class="caption">The ${SHOWN_DEPENDENCE} of ${measured.length} on which most picks depend; all are in picks.json.</p>`
      : undefined,
  );
}
