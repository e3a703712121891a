// The slices of a `cosnet pick` report, with their circles, as one SVG file for the documents:
// node scripts/report-picture.mjs report.html slices.svg [height in pixels]
import { readFileSync, writeFileSync } from "node:fs";

const [reportPath, outputPath, height = "560"] = process.argv.slice(2);
if (outputPath === undefined) {
  console.error("node scripts/report-picture.mjs report.html slices.svg [height]");
  process.exit(2);
}
const report = readFileSync(reportPath, "utf8");
const slices = [
  ...report.matchAll(
    /<h3[^>]*>([^<]*deep)<\/h3>[\s\S]*?<img src="(data:image\/png;base64,[^"]+)" alt="slice of the tomogram"[^>]*><svg viewBox="0 0 (\d+) (\d+)"[^>]*>([\s\S]*?)<\/svg>/g,
  ),
].map(([, title, picture, width, length, circles]) => ({ title, picture, width: +width, length: +length, circles }));
if (slices.length === 0) throw new Error(`${reportPath} shows no slices`);

const CAPTION = 22;
const GAP = 12;
let x = 0;
const panels = slices.map(({ title, picture, width, length, circles }, i) => {
  const scale = Number(height) / length;
  const panel = `<g transform="translate(${x.toFixed(1)} ${CAPTION}) scale(${scale.toFixed(4)})">
<clipPath id="panel-${i}"><rect width="${width}" height="${length}"/></clipPath>
<image href="${picture}" width="${width}" height="${length}"/><g fill="none" clip-path="url(#panel-${i})">${circles}</g></g>
<text x="${x.toFixed(1)}" y="15" font-family="sans-serif" font-size="14" fill="#444">${title}</text>`;
  x += width * scale + GAP;
  return panel;
});
const [fullWidth, fullHeight] = [Math.ceil(x - GAP), Number(height) + CAPTION];
writeFileSync(
  outputPath,
  `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}">
<title>Slices of a tomogram with circles around picked particles</title>
<rect width="100%" height="100%" fill="#fff"/>
${panels.join("\n")}
</svg>
`,
);
