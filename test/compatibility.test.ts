import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mrcReaderWarnings } from "../src/io/index.js";

const page = readFileSync(new URL("../docs/compatibility.md", import.meta.url), "utf8");

/** What `convert` knows of a file, for each column of the page's table of MRC maps. */
const COLUMNS = {
  "mode 0, labels": { mode: 0, byteOrder: "little" },
  "mode 0, negative": { mode: 0, byteOrder: "little" },
  "mode 1": { mode: 1, byteOrder: "little" },
  "mode 2": { mode: 2, byteOrder: "little" },
  "mode 2, big-endian": { mode: 2, byteOrder: "big" },
  "mode 6": { mode: 6, byteOrder: "little" },
  "mode 12": { mode: 12, byteOrder: "little" },
} as const;

/** The table's rows as cells, the first with the columns' names. */
function tableOfMaps(): string[][] {
  const section = page.split("### MRC")[1]!.split("###")[0]!;
  const rows = section.split("\n").filter((line) => line.startsWith("|") && !line.startsWith("| ---"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("convert warns of the readers that the measured table says refuse or misread a map", () => {
  const [head, ...rows] = tableOfMaps();

  test.each(Object.entries(COLUMNS))("%s", (column, file) => {
    const at = head!.indexOf(column);
    expect(at).toBeGreaterThan(0);
    const bad = rows.filter((row) => /^(refused|misread)/.test(row[at]!)).map((row) => nameOf(row[0]!));
    const warned = rows.map((row) => nameOf(row[0]!)).filter((name) => mrcReaderWarnings(file).join().includes(name));
    expect(warned).toEqual(bad);
  });
});

/** "Mol*" of "Mol\* 5.11.0". */
function nameOf(title: string): string {
  return title.split(" ")[0]!.replace("\\", "");
}
