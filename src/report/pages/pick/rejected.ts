import { countText } from "../../../count-text.js";
import { plainTable } from "../../page/data-table.js";
import { html, type Markup } from "../../page/markup.js";
import { groupedText, percentText, scoreText } from "../../page/number-text.js";
import { section } from "../../page/page.js";
import type { PickReportData } from "./data.js";

/** What was nearly picked, and why it was not; nothing where all candidates were. */
export function rejectedSection({ rejected, tomograms }: PickReportData): Markup | undefined {
  const { best, reasons } = rejected;
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return undefined;
  const several = tomograms.length > 1;
  const counts = reasons.map(([reason, count]) => `${groupedText(count)}: ${reason}`).join("; ");
  const extent = best.length < total ? `The best ${best.length} of ${groupedText(total)}` : "All of them";
  return section(
    "Candidates that were not picked",
    `${countText(total, "candidate")} (${counts}). ${extent}, by probability times detection score; candidates.star has every candidate.`,
    plainTable(
      [
        ...(several ? ["Tomogram"] : []),
        ...["x, y, z (voxels)", "x, y, z (Å)", "Nearest class", "Why not picked"],
        ...["Probability", "Similarity", "Detection score"],
      ],
      best.map(({ tomogram, voxel, position, nearestClass, reason, ...scores }) => [
        ...(several ? [html`<span style="overflow-wrap:anywhere">${tomogram}</span>`] : []),
        ...[voxel, position, nearestClass, reason],
        ...[percentText(scores.probability), scoreText(scores.similarity), scoreText(scores.detectionScore)],
      ]),
      [several ? 5 : 4],
    ),
  );
}
