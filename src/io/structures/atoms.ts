import type { Assembly } from "./assembly.js";
import { elementFromAtomName, isElement } from "./elements.js";

/** Heavy atoms as they stand in a file, one model after another: what the PDB and mmCIF parsers hand over. */
export interface FileAtoms {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly z: readonly number[];
  /** Upper-case element symbols. */
  readonly elements: readonly string[];
  readonly atomNames: readonly string[];
  /** The chain that the file's assembly records speak of (label_asym_id in mmCIF). */
  readonly chains: readonly string[];
  /** Index of the first atom of each model, in file order; `[0]` in a file without models. */
  readonly modelStarts: readonly number[];
  readonly assemblies: readonly Assembly[];
  /** Chains that only held water or hydrogen and are therefore rightly absent. */
  readonly skippedChains: ReadonlySet<string>;
}

/** One atom of a file, with what decides whether it is kept. */
interface FileAtom {
  /** The element column, which may be empty. */
  readonly symbol: string;
  /** Four characters, as in columns 13-16 of a PDB file. */
  readonly nameField: string;
  readonly isHetero: boolean;
  readonly residue: string;
  /** Tells the residue from the one before. */
  readonly residueKey: string;
  /** Which conformation, or "". */
  readonly alternate: string;
  readonly chain: string;
  readonly position: () => readonly number[];
}

/** Keeps the heavy atoms of one conformation each, without water: of a residue's alternatives, the first in the file. */
export function createAtomCollector() {
  const x: number[] = [];
  const y: number[] = [];
  const z: number[] = [];
  const elements: string[] = [];
  const atomNames: string[] = [];
  const chains: string[] = [];
  const skippedChains = new Set<string>();
  let residue = "";
  let chosen = "";
  const isChosen = (residueKey: string, alternate: string): boolean => {
    if (residueKey !== residue) chosen = "";
    residue = residueKey;
    if (alternate !== "") chosen ||= alternate;
    return alternate === "" || alternate === chosen;
  };
  return {
    atoms: { x, y, z, elements, atomNames, chains, skippedChains },
    add(atom: FileAtom): void {
      const symbol = atom.symbol.toUpperCase();
      const element = isElement(symbol) ? symbol : elementFromAtomName(atom.nameField, atom.isHetero);
      if (WATERS.has(atom.residue) || /^[HDT]$/.test(element) || !isChosen(atom.residueKey, atom.alternate)) {
        skippedChains.add(atom.chain);
        return;
      }
      const position = atom.position();
      x.push(position[0]);
      y.push(position[1]);
      z.push(position[2]);
      elements.push(element);
      atomNames.push(atom.nameField.trim());
      chains.push(atom.chain);
    },
  };
}

/** Residue names of water. */
const WATERS = new Set(["HOH", "WAT", "DOD", "H2O", "SOL", "TIP", "TIP3", "TIP4", "SPC", "OH2"]);
