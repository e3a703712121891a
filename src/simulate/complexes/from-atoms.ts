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

const CARBON_DALTON = 12.011;
const DALTON: Readonly<Record<string, number>> = {
  C: CARBON_DALTON,
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
  const symbols = elements.map((element) => element.toUpperCase());
  const kept = symbols.flatMap((symbol, atom) => (/^([HD]|)$/.test(symbol) ? [] : [atom]));
  // Nearly all atoms are C-alpha or backbone phosphorus.
  const isTraced = (atom: number) => (atomNames[atom] === "CA" && symbols[atom] === "C") || atomNames[atom] === "P";
  const trace = kept.filter(isTraced).length > 0.8 * kept.length;
  const positions = new Float32Array(3 * kept.length);
  const weights = new Float32Array(kept.length);
  kept.forEach((atom, i) => {
    for (let axis = 0; axis < 3; axis++) positions[3 * i + axis] = positionsAngstrom[3 * atom + axis];
    const dalton = trace
      ? atomNames[atom] === "P"
        ? NUCLEOTIDE_DALTON
        : RESIDUE_DALTON
      : (DALTON[symbols[atom]] ?? CARBON_DALTON) * HYDROGEN_FACTOR;
    weights[i] = dalton / 1000;
  });
  return createComplex(mergeBeads({ positions, weights }), { name, source: "structure" });
}
