import { ConfigError, FormatError } from "../../errors.js";
import { gunzipIfNeeded } from "../text/gzip.js";
import { type Assembly, IDENTITY, type Operator } from "./assembly.js";
import type { FileAtoms } from "./atoms.js";
import { atomicWeight } from "./elements.js";
import { parseMmcif } from "./mmcif.js";
import { parsePdb } from "./pdb.js";

/** The heavy atoms of a complex, without water, in the biological assembly. */
export interface AtomicStructure {
  readonly name: string;
  readonly title: string;
  readonly atomCount: number;
  /** `atomCount` times x, y, z in Angstrom, in the file's frame. */
  readonly positionsAngstrom: Float32Array;
  /** Upper-case element symbols. */
  readonly elements: readonly string[];
  readonly atomNames: readonly string[];
  /** Estimated from the heavy atoms with the usual amount of hydrogen. */
  readonly massKilodalton: number;
  readonly assembly: {
    /** The assembly built, or "none" for the coordinates as they stand in the file. */
    readonly id: string;
    readonly available: readonly string[];
    /** Copies made of the first generator's chains. */
    readonly operatorCount: number;
    /** Polymer chains in the result, copies counted. */
    readonly chainCount: number;
  };
  readonly warnings: readonly string[];
}

/** Which part of a structure is read. */
export interface ReadStructureOptions {
  /** Named in the result and in messages. */
  readonly name: string;
  /** Which biological assembly to build (default "1", else the first there is), or "none". */
  readonly assembly?: string | undefined;
}

/** More than any assembly in the Protein Data Bank; a corrupt file must not fill the memory. */
const MAXIMUM_ATOMS = 50_000_000;

/**
 * Reads PDB or PDBx/mmCIF coordinates, gzip-compressed or not, told apart by content, and builds the assembly.
 * @throws FormatError when the bytes are neither, hold no atoms, or are corrupt.
 * @throws ConfigError when the assembly asked for is not in the file.
 */
export function readStructure(bytes: Uint8Array, { name, assembly }: ReadStructureOptions): AtomicStructure {
  const text = new TextDecoder().decode(gunzipIfNeeded(bytes, { name, maximumBytes: 2 ** 29 }));
  const kind = structureKind(text);
  if (!kind)
    throw new FormatError("neither PDB nor mmCIF coordinates", name, {
      hint: "Expected ATOM records or an _atom_site category.",
    });
  const atoms = kind === "mmcif" ? parseMmcif(text, name) : parsePdb(text, name);
  if (atoms.x.length === 0) throw new FormatError("the file holds no heavy atoms", name);
  const warnings: string[] = [];
  const { chosen, end } = chooseAssembly(atoms, { name, assembly, warnings });
  return buildStructure(atoms, chosen, { name, end, warnings });
}

/** Whether a text (or a long enough beginning of it) holds mmCIF or PDB coordinates. */
export function structureKind(text: string): "pdb" | "mmcif" | undefined {
  // mmCIF first: its atom lines start with ATOM or HETATM, too.
  if (/^_atom_site\./m.test(text)) return "mmcif";
  return /^(ATOM {2}|HETATM).{24}[ \d.-]{24}/m.test(text) ? "pdb" : undefined;
}

/**
 * Which assembly to build, and how many of the file's atoms belong to it. Several models are either an ensemble (NMR:
 * the same molecules again, superposed), of which the first is taken, or the copies of a biological-unit file, of
 * which all are taken and nothing more is applied. What tells them apart is how far corresponding atoms lie.
 */
function chooseAssembly(
  { assemblies, modelStarts, x, y, z }: FileAtoms,
  { name, assembly, warnings }: { name: string; assembly: string | undefined; warnings: string[] },
): { chosen: Assembly | undefined; end: number } {
  let end = x.length;
  if (modelStarts.length > 1) {
    const [first, second, third = x.length] = modelStarts as [number, number, number?];
    const size = second - first;
    let squares = 0;
    for (let i = 0; i < size; i++)
      squares += (x[i] - x[second + i]) ** 2 + (y[i] - y[second + i]) ** 2 + (z[i] - z[second + i]) ** 2;
    const copies = third - second !== size || Math.sqrt(squares / size) > ENSEMBLE_SPREAD_ANGSTROM;
    if (copies) {
      warnings.push(`${modelStarts.length} models lie side by side and are taken together as the biological unit`);
      return { chosen: undefined, end };
    }
    warnings.push(`the first of ${modelStarts.length} superposed models is used`);
    end = second;
  }
  if (assembly === "none") return { chosen: undefined, end };
  const chosen = assemblies.find(({ id }) => id === (assembly ?? "1")) ?? (assembly ? undefined : assemblies[0]);
  if (assembly && !chosen)
    throw new ConfigError(`there is no assembly "${assembly}"`, {
      where: name,
      hint: `The file has ${assemblies.length > 0 ? assemblies.map(({ id }) => id).join(", ") : "no assembly records"}; "none" takes the coordinates as they are.`,
    });
  return { chosen, end };
}

/** Superposed models of an ensemble differ by a few Angstrom; copies of a complex by at least its radius. */
const ENSEMBLE_SPREAD_ANGSTROM = 12;

function buildStructure(
  atoms: FileAtoms,
  chosen: Assembly | undefined,
  { name, end, warnings }: { name: string; end: number; warnings: string[] },
): AtomicStructure {
  const present = new Set(atoms.chains);
  const copies: { operator: Operator; members: number[] }[] = [];
  let chainCount = 0;
  for (const { chains, operators } of chosen?.generators ?? [{ chains: present, operators: [IDENTITY] }]) {
    const members = Array.from({ length: end }, (_, i) => i).filter((i) => chains.has(atoms.chains[i]));
    const absent = [...chains].filter((chain) => !present.has(chain) && !atoms.skippedChains.has(chain));
    if (absent.length > 0) warnings.push(`assembly chains not in the file: ${absent.join(", ")}`);
    for (const operator of operators) copies.push({ operator, members });
    chainCount += operators.length * polymerChains(atoms, members).size;
  }
  const atomCount = copies.reduce((sum, { members }) => sum + members.length, 0);
  if (atomCount === 0 || atomCount > MAXIMUM_ATOMS)
    throw new FormatError(`assembly ${chosen?.id} would have ${atomCount || "no"} atoms`, name, {
      hint: 'Use assembly "none".',
    });
  const positionsAngstrom = new Float32Array(3 * atomCount);
  const elements: string[] = [];
  const atomNames: string[] = [];
  let dalton = 0;
  let at = 0;
  for (const { operator: m, members } of copies)
    for (const i of members) {
      const [x, y, z] = [atoms.x[i], atoms.y[i], atoms.z[i]];
      positionsAngstrom[at++] = m[0] * x + m[1] * y + m[2] * z + m[3];
      positionsAngstrom[at++] = m[4] * x + m[5] * y + m[6] * z + m[7];
      positionsAngstrom[at++] = m[8] * x + m[9] * y + m[10] * z + m[11];
      elements.push(atoms.elements[i]);
      atomNames.push(atoms.atomNames[i]);
      dalton += atomicWeight(atoms.elements[i]);
    }
  return {
    name,
    title: atoms.title,
    atomCount,
    positionsAngstrom,
    elements,
    atomNames,
    massKilodalton: (dalton * HYDROGEN_FACTOR) / 1000,
    assembly: {
      id: chosen?.id ?? "none",
      available: atoms.assemblies.map(({ id }) => id),
      operatorCount: chosen?.generators[0]?.operators.length ?? 1,
      chainCount,
    },
    warnings,
  };
}

/** Chains of at least three residues: alpha carbons or phosphates, not ligands and ions, which mmCIF also calls chains. */
function polymerChains({ atomNames, chains }: FileAtoms, members: readonly number[]): Set<string> {
  const residues = new Map<string, number>();
  for (const i of members)
    if (atomNames[i] === "CA" || atomNames[i] === "P") residues.set(chains[i], (residues.get(chains[i]) ?? 0) + 1);
  return new Set([...residues].filter(([, count]) => count >= 3).map(([chain]) => chain));
}

/** Protein with hydrogens weighs 7.5 % more than its heavy atoms (average residue 110.4 / 102.7 Da); RNA 3.7 %. */
const HYDROGEN_FACTOR = 1.075;
