import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../errors.js";
import { findTable, numberColumn, type StarDocument, starLoop, starPairs, textColumn } from "./document.js";
import { parseStar } from "./parse.js";
import { parseCif } from "./parse-cif.js";
import { scanStar } from "./scan.js";
import { writeStar } from "./write.js";

const LIST = `# version 30001

data_optics

_rlnVoltage   300.0
_rlnLabel     'a b' # a comment

# version 30001
data_particles

loop_
_rlnCoordinateX #1
_rlnName #2
  1.5  "it's here"
 -2e1  5'-end
data_text
_single_value 1
loop_
_empty.column
`;

const CIF = LIST.replace("_single_value 1", "_long.value\n;line one\nline; two\n;");

describe("parsing", () => {
  const forms = (text: string): [string, string][] => [
    ["LF", text],
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["CR", text.replaceAll("\n", "\r")],
    ["tabs and a byte order mark", `\ufeff${text.replaceAll("  ", "\t")}`],
  ];
  test.each([
    ...forms(LIST).map(([name, text]) => [`STAR, ${name}`, parseStar(text), ["1"]] as const),
    ...forms(CIF).map(([name, text]) => [`CIF, ${name}`, parseCif(text), ["line one\nline; two"]] as const),
  ])("blocks, pairs, loops, quotes, comments, text fields: %s", (_, document, text) => {
    expect(document.blocks.map(({ name, comments }) => [name, ...comments])).toEqual([
      ["optics", "version 30001"],
      ["particles", "version 30001"],
      ["text"],
    ]);
    expect([...findTable(document, "optics")!.columns]).toEqual([
      ["rlnVoltage", ["300.0"]],
      ["rlnLabel", ["a b"]],
    ]);
    const particles = findTable(document, "particles")!;
    expect([...numberColumn(particles, "rlnCoordinateX", "x")]).toEqual([1.5, -20]);
    expect(textColumn(particles, "rlnName", "x")).toEqual(["it's here", "5'-end"]);
    const tables = document.blocks[2].tables;
    expect([...tables[0].columns.values()]).toEqual([text]);
    expect(tables[1]).toMatchObject({ kind: "loop", rowCount: 0 });
  });

  test.each([
    [
      "values missing in a row",
      "data_a\nloop_\n_x\n_y\n1 2\n3\n4 5\n",
      "a.star, line 6: the loop that starts on line 2 has 2 labels, but this row has 1 value",
    ],
    [
      "values too many in a row",
      "data_a\nloop_\n_x\n_y\n1 2\n3 4 5\n",
      "a.star, line 6: the loop that starts on line 2 has 2 labels, but this row has 3 values",
    ],
    ["a repeated column", "data_a\nloop_\n_x\n_x\n1 2\n", "a.star, line 4: column _x appears twice"],
    ["a tag without value", "data_a\n_x\n_y 2\n", "a.star, line 2: tag _x has no value"],
    ["a tag with two values", "data_a\n_x 1 2\n", "a.star, line 2: tag _x has 2 values"],
    ["a loop without columns", "data_a\nloop_\n1 2\n", "a.star, line 3: a loop_ without columns"],
    ["an open quote", "data_a\n_x 'abc\n", "a.star, line 2: a quote (') is not closed"],
    ["a text field", "data_a\n_x\n;abc\n;\n", "a.star, line 2: tag _x has no value"],
    ["data outside blocks", "_x 1\n", "a.star: there is no data_ line"],
    ["other text", "hello world\n", "a.star: there is no data_ line"],
    ["other text in a block", "data_a\nhello world\n", 'a.star, line 2: unexpected "hello"'],
  ])("says where: %s", (_, text, message) => {
    expect(() => parseStar(text, { name: "a.star" })).toThrow(FormatError);
    expect(() => parseStar(text, { name: "a.star" })).toThrow(message);
  });

  test.each([
    [
      "values missing in a loop",
      "data_a\nloop_\n_x\n_y\n1 2\n3\n4\n5 6 7\n",
      "a.cif, line 8: the loop that starts on line 2 has 2 columns, but its last row only 1",
    ],
    ["an open text field", "data_a\n_x\n;abc\n", "a.cif, line 3: a text field (;) is not closed"],
    ["data outside blocks", "_x 1\n", "a.cif, line 1: data before the first data_ line"],
    ["other text", "hello world\n", 'a.cif, line 1: unexpected "hello"'],
  ])("says where in CIF: %s", (_, text, message) => {
    expect(() => parseCif(text, { name: "a.cif" })).toThrow(FormatError);
    expect(() => parseCif(text, { name: "a.cif" })).toThrow(message);
  });

  test("skips what stands before the first data_ line, as RELION does", () => {
    const table = findTable(parseStar(`relion4\nit's "text"\n_x 1\n${LIST}`), "particles")!;
    expect([...numberColumn(table, "rlnCoordinateX", "x")]).toEqual([1.5, -20]);
  });

  test("says the line of a bad number", () => {
    const table = scanStar("data_\nloop_\n_x\n1\n\n1e999\n").blocks[0].tables[0];
    expect(() => numberColumn(table, "x", "a.star")).toThrow(
      'a.star, line 6: "1e999" in row 2 of column _x is not a number',
    );
  });

  test("blank lines, long values and long lines take time in proportion to their length", () => {
    const long = "a".repeat(1 << 16);
    const text = `${"\n".repeat(20e6)}data_\nloop_\n_x\n_y\n${`'${long}' ${long}\n`.repeat(20)}${" ".repeat(1e6)}\n`;
    const [table] = scanStar(text).blocks[0].tables;
    expect(table.rowCount).toBe(20);
    expect(table.columns.get("x")!.at(19)).toBe(long);
  });

  test("a missing column is named, with those there are; a bad number with its row", () => {
    const table = starLoop([
      ["x", ["1", "abc"]],
      ["y", ["1", "2"]],
    ]);
    expect(() => textColumn(table, "z", "a.star")).toThrow("a.star: column _z is missing");
    expect(() => textColumn(table, "z", "a.star")).toThrow(expect.objectContaining({ hint: "The columns are: x, y." }));
    expect(() => numberColumn(table, "x", "a.star")).toThrow('a.star: "abc" in row 2 of column _x is not a number');
  });
});

describe("round trip", () => {
  const value = fc.oneof(
    fc.string({ maxLength: 12 }).filter((text) => !/[\r\n]|(?=.*"(\s|$)).*'(\s|$)/.test(text)),
    fc.constantFrom("", "data_x", "loop_", "save_", "_tag", "#1", "a b", "it's", 'say "x" now', "[1,0,1]", "$x", ";"),
    fc.float().map(String),
  );
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.[\]]{0,8}$/);
  const names = (minLength: number) => fc.uniqueArray(name, { minLength, maxLength: 4 });
  const loop = fc.tuple(names(1), fc.integer({ min: 0, max: 4 })).chain(([columns, rows]) =>
    fc
      .array(fc.array(value, { minLength: rows, maxLength: rows }), {
        minLength: columns.length,
        maxLength: columns.length,
      })
      .map((lists) => starLoop(columns.map((column, i) => [column, lists[i]] as const))),
  );
  const pairs = names(1).chain((tags) =>
    fc
      .array(value, { minLength: tags.length, maxLength: tags.length })
      .map((values) => starPairs(tags.map((tag, i) => [tag, values[i]] as const))),
  );
  const block = fc.record({
    name: fc.stringMatching(/^[a-z]{0,6}$/),
    comments: fc.array(fc.stringMatching(/^[a-z][a-z0-9 #']{0,10}[a-z]$/), { maxLength: 2 }),
    tables: fc.oneof(loop, pairs).map((table) => [table]),
  });

  test("write then parse gives the same document", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 3 }), (blocks) => {
        const document: StarDocument = { blocks };
        const text = writeStar(document);
        expect(parseStar(text)).toEqual(document);
        expect(parseStar(text.replaceAll("\n", "\r\n"))).toEqual(document);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  test("refuses what STAR cannot hold", () => {
    const write = (text: string) =>
      writeStar({ blocks: [{ name: "a", comments: [], tables: [starPairs([["x", text]])] }] });
    // A text field of CIF would hold the first two, and RELION would read its lines as rows.
    for (const text of ["a\nb", "a 'b' \"c\" d", "a\n;b"])
      expect(() => write(text)).toThrow("STAR cannot hold the value");
    expect(() =>
      starLoop([
        ["x", ["1"]],
        ["y", []],
      ]),
    ).toThrow("column y has 0 values, the first column 1");
  });
});

const DATA = join(import.meta.dirname, "../../../../../shared/data/real");

describe.skipIf(!existsSync(DATA))("real files (skipped when ../shared/data is absent)", () => {
  test.each([
    ["cryoCAT_relion5_tutorial_run_data.star", "particles", 9053],
    ["cryoCAT_lamella_TM_bin6.star", "particles", 177],
    ["cryodrgn_insitu_ribosome_tilts_64.star", "", 219],
    ["cryoCAT_relion5_TS_01_tilt.star", "TS_01", 40],
  ])("%s: data_%s has %i rows, and survives a round trip", (file, block, rows) => {
    const document = parseStar(readFileSync(join(DATA, file), "latin1"), { name: file });
    expect(findTable(document, block)!.rowCount).toBe(rows);
    expect(parseStar(writeStar(document))).toEqual(document);
  });
});
