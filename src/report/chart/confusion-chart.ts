import type { ConfusionMatrix } from "../../evaluate/index.js";
import { escapeText, type Markup } from "../page/markup.js";
import { chart, fitLabel, text } from "./chart-frame.js";
import { type Colour, classColour, cssColour } from "./palette.js";

/**
 * A confusion matrix: a row is the true class, a column the class that was given. The shade is the fraction of the row, the
 * diagonal in the class colour and mistakes in red.
 */
export function confusionChart({ classNames, counts }: ConfusionMatrix): Markup {
  const n = classNames.length;
  const cell = n <= 6 ? 62 : n <= 8 ? 46 : n <= 14 ? 34 : 24;
  const longest = Math.max(...classNames.map((name) => name.length));
  const labelWidth = Math.min(150, 12 + longest * 7.2);
  const left = labelWidth + 26;
  const slanted = longest * 7 > cell - 4;
  const top = 26 + (slanted ? Math.min(110, 12 + longest * 4.6) : 18);
  const width = left + n * cell + (slanted ? Math.min(70, longest * 3.5) : 8);
  const height = top + n * cell + 4;
  const content = [
    text(left + (n * cell) / 2, 12, "identified as", { anchor: "middle", className: "quiet" }),
    `<text class="quiet" transform="translate(12 ${top + (n * cell) / 2}) rotate(-90)" text-anchor="middle">true class</text>`,
  ];
  classNames.forEach((name, index) => {
    const middle = top + (index + 0.5) * cell;
    content.push(text(left - 10, middle + 4, fitLabel(name, labelWidth), { anchor: "end" }));
    const x = left + (index + 0.5) * cell;
    content.push(
      slanted
        ? `<text transform="translate(${x - 2} ${top - 8}) rotate(-38)">${escapeText(fitLabel(name, 150))}</text>`
        : text(x, top - 8, name, { anchor: "middle" }),
    );
  });
  for (let row = 0; row < n; row++) {
    const total = counts.slice(row * n, row * n + n).reduce((sum, count) => sum + count, 0);
    for (let column = 0; column < n; column++) {
      const count = counts[row * n + column];
      const colour = row === column ? classColour(row) : MISTAKE;
      const opacity = 0.18 + 0.82 * (count / total);
      const x = left + column * cell;
      const y = top + row * cell;
      content.push(
        `<rect class="cell" x="${x + 1}" y="${y + 1}" width="${cell - 2}" height="${cell - 2}" rx="4" fill="var(--line,#e1e5ea)" fill-opacity=".45"/>`,
      );
      if (count === 0) continue;
      content.push(
        `<rect x="${x + 1}" y="${y + 1}" width="${cell - 2}" height="${cell - 2}" rx="4" fill="${cssColour(colour)}" fill-opacity="${opacity.toFixed(2)}"><title>${escapeText(`${count} of ${total} ${classNames[row]} identified as ${classNames[column]}`)}</title></rect>`,
        `<text x="${x + cell / 2}" y="${y + cell / 2 + 4.5}" text-anchor="middle" class="strong"${opacity > 0.5 ? ` style="fill:${inkOn(colour)}"` : ""}>${count}</text>`,
      );
    }
  }
  return chart({ width: Math.ceil(width), height, title: "Confusion matrix" }, content);
}

const MISTAKE: Colour = [192, 57, 43];

/** Black or white, whichever reads better on the colour (relative luminance, WCAG 2). */
function inkOn([red, green, blue]: Colour): string {
  return 0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2 > 0.3
    ? "#10151c"
    : "#fff";
}
