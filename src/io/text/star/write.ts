import { FormatError } from "../../../errors.js";
import type { StarDocument, StarTable } from "./document.js";

/**
 * STAR text as RELION writes it: a comment line for each comment, `data_` blocks, loops with numbered columns, one row
 * a line, columns aligned. Values are quoted only where they must be. `parseStar` gives back the same document.
 * @throws FormatError for values or names that STAR cannot express.
 */
export function writeStar(document: StarDocument): string {
  const lines: string[] = [];
  for (const { name, comments, tables } of document.blocks) {
    if (/\s/.test(name)) throw new FormatError(`the block name ${JSON.stringify(name)} has spaces`, "STAR");
    lines.push("", ...comments.map((comment) => `# ${singleLine(comment)}`), "", `data_${name}`);
    for (const table of tables) lines.push("", ...(table.kind === "loop" ? loopLines(table) : pairLines(table)));
  }
  return `${lines.join("\n")}\n`;
}

function loopLines({ columns, rowCount }: StarTable): string[] {
  const cells = [...columns.values()].map((values) => values.map(quoted));
  const widths = cells.map((values) => values.reduce((width, value) => Math.max(width, value.length), 0));
  const rows = Array.from({ length: rowCount }, (_, row) =>
    cells.map((values, column) => values[row].padStart(Math.min(widths[column], MAXIMUM_PADDING))).join(" "),
  );
  return ["loop_", ...[...columns.keys()].map((name, i) => `_${tagName(name)} #${i + 1}`), ...rows];
}

function pairLines({ columns }: StarTable): string[] {
  const width = [...columns.keys()].reduce((longest, name) => Math.max(longest, name.length), 0);
  return [...columns].map(([name, values]) => `_${tagName(name).padEnd(width)} ${quoted(values[0])}`);
}

/** One very long value must not blow up every other line. */
const MAXIMUM_PADDING = 40;

/** Bare if it reads back as itself, else in quotes, else between semicolons. */
function quoted(value: string): string {
  const bare = /^[^\s'"#;_$[\]][^\s]*$/.test(value) && !/^(data_|loop_$|save_|stop_$|global_$)/i.test(value);
  if (bare || /^\[[\d.,+-]*\]$/.test(value)) return value;
  if (!/[\r\n]/.test(value)) {
    if (!/"(\s|$)/.test(value)) return `"${value}"`;
    if (!/'(\s|$)/.test(value)) return `'${value}'`;
  }
  if (/\r/.test(value) || value.includes("\n;"))
    throw new FormatError(`STAR cannot hold the value ${JSON.stringify(value.slice(0, 60))}`, "STAR");
  return `\n;${value}\n;\n`;
}

function tagName(name: string): string {
  if (name === "" || /\s/.test(name)) throw new FormatError(`${JSON.stringify(name)} cannot name a column`, "STAR");
  return name;
}

function singleLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ").trim();
}
