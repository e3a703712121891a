import { mergeBeads } from "./beads.js";
import { type Complex, createComplex } from "./complex.js";

/** Atoms of a structure with its biological assembly applied; hydrogens may be present. */
export interface Atoms {
  /** x, y, z of each atom in turn. */
  readonly positionsAngstrom: Float32Array;
  /** Chemical symbols, in either case. */
  readonly elements: readonly string[];
  /** PDB atom names such as "CA". */
  readonly atomNames: readonly string[];
}

const DALTON: Readonly<Record<string, number>> = {
  C: 12.011,
  N: 14.007,
  O: 15.999,
  S: 32.06,
  P: 30.974,
  SE: 78.97,
  NA: 22.99,
  MG: 24.305,
  CL: 35.45,
  K: 39.098,
  CA: 40.078,
  MN: 54.938,
  FE: 55.845,
  CO: 58.933,
  NI: 58.693,
  CU: 63.546,
  ZN: 65.38,
};
/** Mean mass of an amino-acid residue and of a nucleotide. */
const RESIDUE_DALTON = 110;
const NUCLEOTIDE_DALTON = 330;
/** Hydrogens are 7 % of a protein's mass and are seldom in the file. */
const HYDROGEN_FACTOR = 1.07;

/**
 * A complex from atomic coordinates. Hydrogens are left out and accounted for by mass; a trace of C-alpha (or P) atoms
 * alone stands for whole residues. Atoms of one 4.5 Å cell become one bead at their centre of mass, in larger cells when
 * there would be more than 6000.
 * @throws ConfigError when there are no atoms or a coordinate is not a number.
 */
export function complexFromAtoms(atoms: Atoms, { name }: { readonly name: string }): Complex {
  const { positionsAngstrom, elements, atomNames } = atoms;
  const heavy = elements
    .map((element) => element.toUpperCase())
    .map((element) => (/^[HD]$/.test(element) ? "" : element));
  const trace = isTrace(heavy, atomNames);
  const kept: number[] = [];
  for (let i = 0; i < heavy.length; i++) if (heavy[i] !== "") kept.push(i);
  const positions = new Float32Array(3 * kept.length);
  const weights = new Float32Array(kept.length);
  kept.forEach((atom, i) => {
    for (let axis = 0; axis < 3; axis++) positions[3 * i + axis] = positionsAngstrom[3 * atom + axis];
    const dalton = trace
      ? atomNames[atom] === "P"
        ? NUCLEOTIDE_DALTON
        : RESIDUE_DALTON
      : (DALTON[heavy[atom]] ?? DALTON.C!) * HYDROGEN_FACTOR;
    weights[i] = dalton / 1000;
  });
  return createComplex(mergeBeads({ positions, weights }), { name, source: "structure" });
}

/** Whether nearly all atoms are C-alpha or backbone phosphorus. */
function isTrace(elements: readonly string[], atomNames: readonly string[]): boolean {
  let [trace, total] = [0, 0];
  for (let i = 0; i < elements.length; i++) {
    if (elements[i] === "") continue;
    total++;
    if ((atomNames[i] === "CA" && elements[i] === "C") || atomNames[i] === "P") trace++;
  }
  return trace > 0.8 * total;
}
