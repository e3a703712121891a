import { FormatError } from "../../errors.js";
import { parseDecimal, quotedExcerpt } from "../text/number.js";
import type { Assembly, Operator } from "./assembly.js";
import { createAtomCollector, type FileAtoms } from "./atoms.js";

/**
 * Heavy atoms and REMARK 350 assemblies of a PDB file (format 3.3, and the older and home-made variants that lack the
 * element or segment columns, or carry the chain in the segment column only).
 * @throws FormatError with the line of a coordinate that is not a number.
 */
export function parsePdb(text: string, name: string): FileAtoms {
  const { atoms, add } = createAtomCollector();
  const modelStarts: number[] = [];
  const remarks: string[] = [];
  let title = "";
  let lineNumber = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    lineNumber++;
    const isHetero = line.startsWith("HETATM");
    if (isHetero || line.startsWith("ATOM  ")) {
      const chain = line[21] === " " || line[21] === undefined ? line.slice(72, 76).trim() : line[21];
      const where = `${name}, line ${lineNumber}`;
      add({
        symbol: line.slice(76, 78).trim(),
        nameField: line.slice(12, 16),
        isHetero,
        residue: line.slice(17, 20).trim(),
        residueKey: `${chain}${line.slice(22, 27)}`,
        alternate: line.slice(16, 17).trim(),
        chain,
        position: () => [30, 38, 46].map((start) => coordinate(line, start, where)),
      });
    } else if (line.startsWith("MODEL ")) modelStarts.push(atoms.x.length);
    else if (line.startsWith("TITLE ")) title += ` ${line.slice(10).trim()}`;
    else if (line.startsWith("REMARK 350")) remarks.push(line.slice(10));
  }
  if (modelStarts.length === 0) modelStarts.push(0);
  else modelStarts[0] = 0;
  const assemblies = parseRemark350(remarks, `${name}, REMARK 350`);
  return { ...atoms, title: title.trim(), modelStarts, assemblies };
}

/**
 * The assemblies of REMARK 350. A chain list runs over lines that may or may not repeat "AND CHAINS:", until the first
 * BIOMT row; each "APPLY THE FOLLOWING" starts a generator of its own.
 */
function parseRemark350(remarks: readonly string[], where: string): Assembly[] {
  const assemblies: { id: string; generators: { chains: Set<string>; operators: Operator[] }[] }[] = [];
  let rows: number[] = [];
  let listing = false;
  for (const remark of remarks) {
    const text = remark.trim();
    const start = /^BIOMOLECULE:\s*(.+)$/.exec(text);
    if (start) {
      assemblies.push({ id: start[1].split(/[\s,]/)[0], generators: [] });
      listing = false;
      continue;
    }
    const assembly = assemblies.at(-1);
    if (!assembly) continue;
    const apply = /^APPLY THE FOLLOWING TO CHAINS:(.*)$/.exec(text);
    const biomt = /^BIOMT([123])\s+(.*)$/.exec(text);
    if (apply) {
      assembly.generators.push({ chains: new Set(chainNames(apply[1])), operators: [] });
      listing = true;
    } else if (biomt) {
      listing = false;
      const numbers = biomt[2]
        .trim()
        .split(/\s+/)
        .slice(1)
        .map((number) => parseDecimal(number) ?? Number.NaN);
      if (numbers.length !== 4 || numbers.some(Number.isNaN))
        throw new FormatError(`cannot read ${quotedExcerpt(text)}`, where, {
          hint: 'Use assembly "none" to ignore these records.',
        });
      if (biomt[1] === "1") rows = [];
      rows.push(...numbers);
      if (biomt[1] !== "3") continue;
      const generator = assembly.generators.at(-1);
      if (!generator || rows.length !== 12) throw new FormatError(`misplaced row ${quotedExcerpt(text)}`, where);
      generator.operators.push(rows);
    } else if (listing) {
      const chains = assembly.generators[assembly.generators.length - 1].chains;
      for (const chain of chainNames(text.replace(/^AND CHAINS:/, ""))) chains.add(chain);
    }
  }
  return assemblies.filter(({ generators }) => generators.some(({ operators }) => operators.length > 0));
}

function chainNames(list: string): string[] {
  return list
    .split(/[\s,]+/)
    .filter((chain) => chain !== "")
    .map((chain) => (chain === "NULL" ? "" : chain));
}

function coordinate(line: string, start: number, where: string): number {
  const text = line.slice(start, start + 8);
  const value = parseDecimal(text.trim());
  if (value === undefined)
    throw new FormatError(`"${text}" in columns ${start + 1}-${start + 8} is not a coordinate`, where);
  return value;
}
