// The tables of docs/compatibility.md.
import { readFileSync, writeFileSync } from "node:fs";
import { POSITIONS, SHAPE, VOXEL_SIZE_ANGSTROM } from "./outputs.mjs";

const PAGE = new URL("../../docs/compatibility.md", import.meta.url);
const MARKERS = ["<!-- measured: begin -->", "<!-- measured: end -->"];

/**
 * Puts the tables between the page's markers.
 * @param cells `{ reader, output, cell }`, one for each file that a reader was given.
 * @throws Error when the page has no markers.
 */
export function writePage(cells, outputs) {
  const text = readFileSync(PAGE, "utf8");
  const [begin, end] = MARKERS.map((marker) => text.indexOf(marker));
  if (begin < 0 || end < begin) throw new Error(`${PAGE.pathname} lacks the lines ${MARKERS.join(" and ")}`);
  const measured = `Measured on ${new Date().toISOString().slice(0, 10)} with Node.js ${process.versions.node} on ${process.platform} ${process.arch}: volumes of ${SHAPE.toReversed().join(" x ")} voxels (x, y, z) of ${VOXEL_SIZE_ANGSTROM} Å, a closed surface, lists of ${POSITIONS.length} particles.`;
  const tables = [mapTable(cells), otherTable(cells, outputs)].map((rows) => rows.join("\n"));
  writeFileSync(
    PAGE,
    `${text.slice(0, begin)}${MARKERS[0]}\n\n${[measured, "### MRC", tables[0], "### Other outputs", tables[1]].join("\n\n")}\n\n${text.slice(end)}`,
  );
}

/** A row for each reader, a column for each kind of map. */
function mapTable(cells) {
  const maps = cells.filter(({ output }) => output.kind === "mrc");
  const names = [...new Set(maps.map(({ output }) => output.name))];
  const titles = [...new Set(maps.map(({ reader }) => reader.title))];
  const row = (title) =>
    names.map((name) => maps.find((at) => at.reader.title === title && at.output.name === name).cell);
  return table(
    ["", ...names],
    titles.map((title) => [title, ...row(title)]),
  );
}

/** A row for each output and reader. */
function otherTable(cells, outputs) {
  const rows = outputs
    .filter(({ kind }) => kind !== "mrc")
    .flatMap((output) => {
      const of = cells.filter((at) => at.output === output);
      return of.length === 0
        ? [[output.name, "", "not run"]]
        : of.map(({ reader, cell }) => [output.name, reader.title, cell]);
    });
  return table(["written", "read by", "result"], rows);
}

/** Markdown with columns of equal width. */
function table(head, rows) {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)];
}
