import { FormatError } from "../../../errors.js";
import { allAtOnce, ROWS_A_STEP, type Steps } from "../../steps.js";
import { Offsets } from "../offsets.js";
import type { StarColumn, StarDocument, StarTable } from "./document.js";
import { StarLines } from "./lines.js";
import { TextColumn } from "./text-column.js";

/**
 * STAR as RELION, Warp and the programs around them write it: `data_` blocks of loops and tag-value pairs, **a row of a loop
 * being a line**. Values are bare or quoted with ' or "; comments after #; LF, CRLF or CR line ends. What stands before the
 * first `data_` is skipped, as RELION does. Columns are views of the text: a value is cut out when it is asked for, so that a
 * list of a million rows takes little more memory than its file.
 * @throws FormatError with the line of the first mistake: a row with too few or too many values, above all.
 */
export function scanStar(text: string, options: { name?: string } = {}): StarDocument<StarColumn> {
  return allAtOnce(scanStarSteps(text, options));
}

/** The same in steps. @throws FormatError as `scanStar`. */
export function* scanStarSteps(
  text: string,
  { name = "STAR" }: { name?: string } = {},
): Steps<StarDocument<StarColumn>> {
  const lines = new StarLines(text, name);
  const blocks: { name: string; comments: string[]; tables: StarTable<StarColumn>[] }[] = [];
  let table: OpenTable | undefined;
  let isSkipped = false;
  const close = () => {
    if (table) blocks.at(-1)!.tables.push(table.closed());
    table = undefined;
  };
  while (lines.next()) {
    if (lines.line % ROWS_A_STEP === 0) yield;
    if (lines.isKeyword("data_")) {
      close();
      blocks.push({ name: lines.value(0).slice("data_".length), comments: lines.takeComments(), tables: [] });
    } else if (blocks.length === 0) {
      isSkipped = true; // a program's name, a version
    } else if (lines.isKeyword("loop_")) {
      close();
      table = new OpenLoop(lines);
    } else {
      lines.checkQuotes();
      if (!table?.takes()) {
        close();
        table = new OpenPairs(lines);
      }
      table.add();
    }
  }
  close();
  if (blocks.length === 0 && isSkipped)
    throw new FormatError("there is no data_ line", name, {
      hint: "A STAR file is tables that begin with data_, such as data_particles.",
    });
  return { blocks };
}

/** Whether a text, or the beginning of one, is STAR: a `data_` line, after whatever text, and a table after it. */
export function looksLikeStar(text: string): boolean {
  const lines = new StarLines(text, "STAR");
  while (lines.next())
    if (lines.isKeyword("data_"))
      return !lines.next() || lines.isLabel() || lines.isKeyword("loop_") || lines.isKeyword("data_");
  return false;
}

/** A table that lines are added to until something else begins. */
interface OpenTable {
  /** Whether the current line goes into it. */
  takes(): boolean;
  add(): void;
  closed(): StarTable<StarColumn>;
}

class OpenLoop implements OpenTable {
  readonly #labels = new Set<string>();
  readonly #starts = new Offsets();
  readonly #line: number;
  #rowCount = 0;

  constructor(private readonly lines: StarLines) {
    this.#line = lines.line;
  }

  takes(): boolean {
    return this.#rowCount === 0 || !this.lines.isLabel();
  }

  add(): void {
    const { lines } = this;
    const isLabel = lines.isLabel();
    if (isLabel && lines.count === 1) {
      const label = lines.value(0).slice(1);
      if (this.#labels.has(label)) throw lines.error(`column _${label} appears twice`);
      this.#labels.add(label);
      return;
    }
    if (this.#labels.size === 0) throw lines.error("a loop_ without columns");
    if (isLabel) throw lines.error(`a value follows the label ${lines.value(0)} of a loop`);
    this.#checkRow();
    this.#starts.add(lines.starts, lines.count);
    this.#rowCount++;
  }

  #checkRow(): void {
    const { lines } = this;
    const { size } = this.#labels;
    if (lines.count === size) return;
    throw lines.error(
      `the loop that starts on line ${this.#line} has ${size} ${size === 1 ? "label" : "labels"}, but this row has ${lines.count} ${lines.count === 1 ? "value" : "values"}`,
      {
        hint:
          lines.count < size
            ? 'A row is a line with a value for each label; an empty value is written as "".'
            : "A row is a line with a value for each label; values with spaces are written in quotes.",
      },
    );
  }

  closed(): StarTable<StarColumn> {
    if (this.#labels.size === 0) throw this.lines.error("a loop_ without columns", {}, this.#line);
    const starts = this.#starts.values();
    const shape = { stride: this.#labels.size, length: this.#rowCount };
    const columns = new Map<string, StarColumn>();
    for (const label of this.#labels)
      columns.set(label, new TextColumn(this.lines.text, starts, { ...shape, first: columns.size }));
    return { kind: "loop", columns, rowCount: this.#rowCount };
  }
}

class OpenPairs implements OpenTable {
  readonly #columns = new Map<string, string[]>();

  constructor(private readonly lines: StarLines) {}

  takes(): boolean {
    return true;
  }

  add(): void {
    const { lines } = this;
    const [first, value] = [lines.value(0), lines.count > 1 ? lines.value(1) : undefined];
    if (!lines.isLabel()) {
      if (/^save_/i.test(first)) throw lines.error("save frames (save_...) are not supported");
      throw lines.error(`unexpected ${JSON.stringify(first.slice(0, 40))}`);
    }
    const tag = first.slice(1);
    if (this.#columns.has(tag)) throw lines.error(`tag _${tag} appears twice`);
    if (value === undefined) throw lines.error(`tag _${tag} has no value`);
    if (lines.count > 2) throw lines.error(`tag _${tag} has ${lines.count - 1} values`);
    this.#columns.set(tag, [value]);
  }

  closed(): StarTable<StarColumn> {
    return { kind: "pairs", columns: this.#columns, rowCount: 1 };
  }
}
