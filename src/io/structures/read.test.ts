import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../errors.js";
import { readStructure } from "./read.js";

const bytes = (text: string) => new TextEncoder().encode(text);

/** One PDB atom line in the format's columns. */
function atomLine(options: {
  name: string;
  chain: string;
  at: readonly [number, number, number];
  residue?: string;
  element?: string;
  alternate?: string;
  record?: string;
  number?: number;
}): string {
  const { name, chain, at, residue = "ALA", element = "", alternate = " ", record = "ATOM", number = 1 } = options;
  const field = name.length < 4 && element.length < 2 ? ` ${name}`.padEnd(4) : name.padEnd(4);
  const xyz = at.map((value) => value.toFixed(3).padStart(8)).join("");
  return `${record.padEnd(6)}    1 ${field}${alternate}${residue.padStart(3)} ${chain}${String(number).padStart(4)}    ${xyz}  1.00  0.00          ${element.padStart(2)}`;
}

const REMARKS = `REMARK 350 BIOMOLECULE: 1
REMARK 350 APPLY THE FOLLOWING TO CHAINS: A,
REMARK 350                   B
REMARK 350   BIOMT1   1  1.000000  0.000000  0.000000        0.00000
REMARK 350   BIOMT2   1  0.000000  1.000000  0.000000        0.00000
REMARK 350   BIOMT3   1  0.000000  0.000000  1.000000        0.00000
REMARK 350   BIOMT1   2  0.000000 -1.000000  0.000000       10.00000
REMARK 350   BIOMT2   2  1.000000  0.000000  0.000000       20.00000
REMARK 350   BIOMT3   2  0.000000  0.000000  1.000000       30.00000
REMARK 350 C IS NOT PART OF ASSEMBLY 1
REMARK 350 BIOMOLECULE: 2
REMARK 350 APPLY THE FOLLOWING TO CHAINS: C
REMARK 350   BIOMT1   1  1.000000  0.000000  0.000000        0.00000
REMARK 350   BIOMT2   1  0.000000  1.000000  0.000000        0.00000
REMARK 350   BIOMT3   1  0.000000  0.000000  1.000000        0.00000`;

const PDB = [
  "TITLE     A SMALL COMPLEX",
  REMARKS,
  atomLine({ name: "CA", chain: "A", at: [1, 2, 3], element: "C" }),
  atomLine({ name: "N", chain: "B", at: [4, 5, 6], element: "N" }),
  atomLine({ name: "O", chain: "C", at: [7, 8, 9], element: "O" }),
  atomLine({ name: "O", chain: "A", at: [0, 0, 0], residue: "HOH", element: "O", record: "HETATM" }),
  atomLine({ name: "HA", chain: "A", at: [0, 0, 0], element: "H" }),
  "END",
].join("\n");

describe("PDB", () => {
  test("builds assembly 1 by default, its chain list continued on a line without AND CHAINS", () => {
    const structure = readStructure(bytes(PDB), { name: "small" });
    expect(structure.title).toBe("A SMALL COMPLEX");
    expect(structure.elements).toEqual(["C", "N", "C", "N"]);
    expect(structure.atomNames).toEqual(["CA", "N", "CA", "N"]);
    // Second operator: x' = 10 - y, y' = 20 + x, z' = 30 + z.
    expect([...structure.positionsAngstrom]).toEqual([1, 2, 3, 4, 5, 6, 8, 21, 33, 5, 24, 36]);
    expect(structure.assembly).toMatchObject({ id: "1", available: ["1", "2"], operatorCount: 2 });
  });

  test("builds another assembly, or none, on request; gzip and CRLF make no difference", () => {
    const zipped = gzipSync(bytes(PDB.replaceAll("\n", "\r\n")));
    expect([...readStructure(zipped, { name: "small", assembly: "2" }).positionsAngstrom]).toEqual([7, 8, 9]);
    expect(readStructure(zipped, { name: "small", assembly: "none" }).atomCount).toBe(3);
    expect(() => readStructure(zipped, { name: "small", assembly: "7" })).toThrow(ConfigError);
  });

  test("keeps the first of a residue's alternatives and guesses missing elements", () => {
    const text = [
      atomLine({ name: "CA", chain: "A", at: [1, 0, 0], alternate: "A" }),
      atomLine({ name: "CA", chain: "A", at: [2, 0, 0], alternate: "B" }),
      atomLine({ name: "CB", chain: "A", at: [3, 0, 0], alternate: "B" }),
      atomLine({ name: "1HB", chain: "A", at: [3, 0, 0] }),
      atomLine({ name: "ZN  ", chain: "A", at: [4, 0, 0], residue: "ZN", record: "HETATM", number: 2 }),
    ].join("\n");
    const structure = readStructure(bytes(text), { name: "alternatives" });
    expect([...structure.positionsAngstrom]).toEqual([1, 0, 0, 4, 0, 0]);
    expect(structure.elements).toEqual(["C", "ZN"]);
  });

  test("takes the first model of an ensemble, but all models of a biological-unit file", () => {
    const models = (shift: number) =>
      [0, shift].flatMap((x, i) => [
        `MODEL        ${i + 1}`,
        atomLine({ name: "CA", chain: "A", at: [x, 0, 0], element: "C" }),
        atomLine({ name: "CB", chain: "A", at: [x, 1, 0], element: "C" }),
        "ENDMDL",
      ]);
    const ensemble = readStructure(bytes(models(1.5).join("\n")), { name: "ensemble" });
    expect(ensemble.atomCount).toBe(2);
    expect(ensemble.warnings).toEqual(["the first of 2 superposed models is used"]);
    const unit = readStructure(bytes([REMARKS, ...models(60)].join("\n")), { name: "unit" });
    expect([...unit.positionsAngstrom]).toEqual([0, 0, 0, 0, 1, 0, 60, 0, 0, 60, 1, 0]);
  });

  test.each([
    [
      "an unreadable coordinate",
      PDB.replace("   1.000   2.000", "   1.0x0   2.000"),
      /line 17: " {3}1\.0x0" in columns 31-38/,
    ],
    [
      "an unreadable operator",
      PDB.replace("2  0.000000 -1.000000", "2  0.000000 -1.00a000"),
      /REMARK 350: cannot read/,
    ],
    ["other text", "hello\n", /neither PDB nor mmCIF/],
    ["nothing", "", /neither PDB nor mmCIF/],
    [
      "only water",
      PDB.split("\n")
        .filter((line) => !line.startsWith("ATOM"))
        .join("\n"),
      /no heavy atoms/,
    ],
  ])("refuses %s", (_, text, message) => {
    const read = () => readStructure(bytes(text), { name: "bad.pdb" });
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
  });

  test("refuses truncated gzip", () => {
    const zipped = gzipSync(bytes(PDB));
    expect(() => readStructure(zipped.subarray(0, zipped.length - 30), { name: "cut.gz" })).toThrow(/gzip data/);
  });
});

const ATOM_SITE = `loop_
_atom_site.group_PDB
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_alt_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
ATOM C CA . ALA A 1 2 3
ATOM P "O5'" . G B 4 5 6
HETATM O O . HOH C 0 0 0
`;
const operator = (id: string, shift: number) => `${id} 1 0 0 ${shift} 0 1 0 0 0 0 1 0`;
const OPERATORS = `loop_
_pdbx_struct_oper_list.id
${[1, 2, 3].flatMap((r) => [1, 2, 3].map((c) => `_pdbx_struct_oper_list.matrix[${r}][${c}]`).concat(`_pdbx_struct_oper_list.vector[${r}]`)).join("\n")}
${operator("1", 0)}
${operator("2", 10)}
${operator("3", 20)}
${operator("X", 100)}
`;

describe("mmCIF", () => {
  const cif = (expression: string, chains = "A,B,C") =>
    bytes(`data_TEST
_struct.title 'A title'
_pdbx_struct_assembly_gen.assembly_id 1
_pdbx_struct_assembly_gen.oper_expression '${expression}'
_pdbx_struct_assembly_gen.asym_id_list ${chains}
#
${OPERATORS}${ATOM_SITE}`);

  test.each([
    ["1", [1]],
    ["1,3", [1, 21]],
    ["(1-3)", [1, 11, 21]],
    ["(X)(1,2)", [101, 111]],
  ])("expands the operator expression %s", (expression, xs) => {
    const structure = readStructure(cif(expression, "A"), { name: "x" });
    expect([...structure.positionsAngstrom].filter((_, i) => i % 3 === 0)).toEqual(xs);
  });

  test("the right one of two factors acts first", () => {
    // T takes x, y, z to y, z, x; X shifts x by 100. (T)(X): shift, then turn.
    const text = new TextDecoder()
      .decode(cif("(T)(X)", "A"))
      .replace("X 1 0 0 100", "T 0 1 0 0 0 0 1 0 1 0 0 0\nX 1 0 0 100");
    expect([...readStructure(bytes(text), { name: "x" }).positionsAngstrom]).toEqual([2, 3, 101]);
  });

  test("reads atoms, quoted names and the title, and leaves out water without complaint", () => {
    const structure = readStructure(cif("1"), { name: "x" });
    expect(structure).toMatchObject({ title: "A title", atomNames: ["CA", "O5'"], elements: ["C", "P"], warnings: [] });
  });

  test("says which chains of the assembly are missing, and which operator is undefined", () => {
    expect(readStructure(cif("1", "A,Q"), { name: "x" }).warnings).toEqual(["assembly chains not in the file: Q"]);
    expect(() => readStructure(cif("1-9"), { name: "x" })).toThrow(/operator "4" is not defined/);
  });

  test.each([
    ["nested products", "(1-3)(1-3)(1-3)(1-3)(1-3)(1-3)(1-3)(1-3)(1-3)(1-3)(1-3)", "asks for 177147 copies"],
    ["a long range", "1-999999999", "asks for 999999999 copies"],
    ["a range of 300 digits", `1-${"9".repeat(400)}`, "asks for Infinity copies"],
    ["many ranges", Array(200).fill("1-1000").join(","), "asks for 200000 copies"],
  ])("more copies than any assembly has are counted and refused before they are made: %s", (_, expression, message) => {
    expect(() => readStructure(cif(expression), { name: "x" })).toThrow(FormatError);
    expect(() => readStructure(cif(expression), { name: "x" })).toThrow(message);
  });

  test("numbers beyond all bounds are no coordinates", () => {
    const text = new TextDecoder().decode(cif("1"));
    const far = (value: string) => () => readStructure(bytes(text.replace("4 5 6", `4 ${value} 6`)), { name: "x" });
    for (const value of ["1e999", "NaN", "0x10", "Infinity"]) expect(far(value)).toThrow(`"${value}" in row 2`);
    expect(far("1e39")).toThrow("an atom lies at no finite place"); // beyond float32
  });

  test("names the row of a coordinate that is no number", () => {
    const broken = new TextDecoder().decode(cif("1")).replace("4 5 6", "4 ? 6");
    expect(() => readStructure(bytes(broken), { name: "x" })).toThrow('"?" in row 2 of column _atom_site.Cartn_y');
  });
});

describe("atoms far from all others", () => {
  const pdb = (positions: readonly (readonly [number, number, number])[]) =>
    bytes(
      positions
        .map(([x, y, z], i) => {
          const [columns, serial] = [
            [x, y, z].map((value) => value.toFixed(3).padStart(8)).join(""),
            `${i + 1}`.padStart(5),
          ];
          return `ATOM  ${serial}  CA  ALA A${`${i + 1}`.padStart(4)}    ${columns}  1.00  0.00           C  \n`;
        })
        .join(""),
    );
  const helix = Array.from({ length: 300 }, (_, i) => [20 * Math.cos(i), 20 * Math.sin(i), i / 2] as const);

  test("are named and left out: one stray atom 20,000 Å away would move the centre out of the molecule", () => {
    const structure = readStructure(pdb([...helix, [9999.999, 0, 0]]), { name: "stray" });
    expect(structure.atomCount).toBe(300);
    expect(structure.positionsAngstrom).toHaveLength(900);
    expect(structure.massKilodalton).toBeCloseTo(readStructure(pdb(helix), { name: "whole" }).massKilodalton, 6);
    expect(structure.warnings.join()).toMatch(
      /^atoms more than \d+ Å from the middle .* left out: CA at \(10000\.0, 0\.0, 0\.0\) Å$/,
    );
  });

  test("are not parts of a long or a two-part complex", () => {
    const filament = Array.from({ length: 3000 }, (_, i) => [0, 0, i] as const);
    const pair = [...helix, ...helix.slice(0, 30).map(([x, y, z]) => [x + 2000, y, z] as const)];
    expect(readStructure(pdb(filament), { name: "filament" })).toMatchObject({ atomCount: 3000, warnings: [] });
    expect(readStructure(pdb(pair), { name: "pair" })).toMatchObject({ atomCount: 330, warnings: [] });
  });
});

const DATA = join(import.meta.dirname, "../../../../shared/data/structures");

/** Assembly mass in kDa and polymer chains as ../shared/data/README.md lists them. */
const ORACLE: readonly [file: string, kilodalton: number, chains: number][] = [
  ["benchmark/test/1GYT.pdb.gz", 330, 6],
  ["benchmark/test/3J9I.pdb.gz", 656, 28],
  ["benchmark/test/1WCM.pdb.gz", 440, 12],
  ["benchmark/test/3CF3.pdb.gz", 488, 6],
  ["benchmark/test/1W6T.cif.gz", 389, 8],
  ["benchmark/test/6Z6U.pdb.gz", 464, 24],
  ["benchmark/train/1OEL.pdb.gz", 767, 14],
  ["benchmark/train/1BXN.pdb.gz", 516, 16],
  ["benchmark/train/1QVR.pdb.gz", 553, 6],
  ["benchmark/train/1LNL.pdb.gz", 283, 6],
  ["benchmark/train/2BUK.pdb.gz", 1224, 60],
  ["benchmark/train/3ZBI.cif.gz", 539, 42],
  ["benchmark/train/5LMO.cif.gz", 816, 24],
  ["library/1NCB.cif.gz", 372, 12],
  ["library/2ISK.pdb.gz", 50, 2],
  ["library/4NMN.cif.gz", 289, 6],
  ["library/Mgen_phes.pdb.gz", 312, 6],
  ["library/Mgen_alas.pdb.gz", 207, 2],
  ["related/5TBZ.cif.gz", 356, 5],
  ["related/3H8E.cif.gz", 298, 6],
];

describe.skipIf(!existsSync(DATA))("real structures (skipped when ../shared/data is absent)", () => {
  test.each(ORACLE)("%s weighs %i kDa in %i chains", (file, kilodalton, chains) => {
    const structure = readStructure(readFileSync(join(DATA, file)), { name: basename(file) });
    // The README counts every alternative location and each metal as carbon: up to 4 % apart.
    expect(Math.abs(structure.massKilodalton / kilodalton - 1)).toBeLessThan(0.045);
    expect(structure.assembly.chainCount).toBe(chains);
    expect(structure.positionsAngstrom.every(Number.isFinite)).toBe(true);
  });
});
