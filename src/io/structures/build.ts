import { FormatError } from "../../errors.js";
import { type Assembly, IDENTITY, type Operator } from "./assembly.js";
import type { FileAtoms } from "./atoms.js";
import { atomicWeight } from "./elements.js";

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

/** More than any assembly in the Protein Data Bank; a corrupt file must not fill the memory. */
const MOST_ATOMS = 20_000_000;

/**
 * The atoms before `end` as they are, or copied by every operator of an assembly.
 * @param warnings is added to
 * @throws FormatError when there would be no atoms or too many, or one at no finite place.
 */
export function buildStructure(
  atoms: FileAtoms,
  chosen: Assembly | undefined,
  { name, end, warnings }: { readonly name: string; readonly end: number; readonly warnings: string[] },
): AtomicStructure {
  const present = new Set(atoms.chains);
  const byChain = atomsByChain(atoms.chains, end);
  const generators = chosen?.generators ?? [{ chains: present, operators: [IDENTITY] }];
  let atomCount = 0;
  for (const { chains, operators } of generators)
    for (const chain of chains) atomCount += operators.length * (byChain.get(chain)?.length ?? 0);
  if (atomCount === 0 || atomCount > MOST_ATOMS)
    throw new FormatError(`assembly ${chosen?.id ?? "none"} would have ${atomCount || "no"} atoms`, name, {
      hint: `Use assembly "none". At most ${MOST_ATOMS} atoms are read.`,
    });
  const copies: { operator: Operator; members: number[] }[] = [];
  let chainCount = 0;
  for (const { chains, operators } of generators) {
    if (operators.length === 0) continue;
    const members = [...chains].flatMap((chain) => byChain.get(chain) ?? []).sort((a, b) => a - b);
    const absent = [...chains].filter((chain) => !present.has(chain) && !atoms.skippedChains.has(chain));
    if (absent.length > 0) warnings.push(`assembly chains not in the file: ${absent.join(", ")}`);
    for (const operator of operators) copies.push({ operator, members });
    chainCount += operators.length * polymerChains(atoms, members).size;
  }
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
  if (!positionsAngstrom.every(Number.isFinite))
    throw new FormatError("an atom lies at no finite place once the assembly's operators are applied", name, {
      hint: 'The operators are damaged: use assembly "none", or mend them.',
    });
  return {
    name,
    title: atoms.title,
    atomCount,
    positionsAngstrom,
    elements,
    atomNames,
    massKilodalton: kilodaltonWithHydrogen(dalton),
    assembly: {
      id: chosen?.id ?? "none",
      available: atoms.assemblies.map(({ id }) => id),
      operatorCount: chosen?.generators[0]?.operators.length ?? 1,
      chainCount,
    },
    warnings,
  };
}

function atomsByChain(chains: readonly string[], end: number): Map<string, number[]> {
  const byChain = new Map<string, number[]>();
  for (let i = 0; i < end; i++) {
    const members = byChain.get(chains[i]);
    if (members) members.push(i);
    else byChain.set(chains[i], [i]);
  }
  return byChain;
}

/** Chains of at least three residues: alpha carbons or phosphates, not ligands and ions, which mmCIF also calls chains. */
function polymerChains({ atomNames, chains }: FileAtoms, members: readonly number[]): Set<string> {
  const residues = new Map<string, number>();
  for (const i of members)
    if (atomNames[i] === "CA" || atomNames[i] === "P") residues.set(chains[i], (residues.get(chains[i]) ?? 0) + 1);
  return new Set([...residues].filter(([, count]) => count >= 3).map(([chain]) => chain));
}

/** Of the heavy atoms' dalton: protein with hydrogens weighs 7.5 % more (average residue 110.4 / 102.7 Da); RNA 3.7 %. */
export function kilodaltonWithHydrogen(heavyAtomsDalton: number): number {
  return (heavyAtomsDalton * 1.075) / 1000;
}
