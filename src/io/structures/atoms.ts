import type { Assembly } from "./assembly.js";

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
  readonly warnings: readonly string[];
}

/** Residue names of water. */
const WATERS = new Set(["HOH", "WAT", "DOD", "H2O", "SOL", "TIP", "TIP3", "TIP4", "SPC", "OH2"]);

export function isWater(residue: string): boolean {
  return WATERS.has(residue);
}

export function isHydrogen(element: string): boolean {
  return element === "H" || element === "D" || element === "T";
}

/** One conformation of each atom: of a residue's alternatives, the one that comes first in the file. */
export function createAlternateFilter(): (residueKey: string, alternate: string) => boolean {
  let residue = "";
  let chosen = "";
  return (residueKey, alternate) => {
    if (residueKey !== residue) {
      residue = residueKey;
      chosen = "";
    }
    if (alternate === "") return true;
    chosen ||= alternate;
    return alternate === chosen;
  };
}
