/**
 * Chemical elements by symbol, with standard atomic weights in dalton (IUPAC 2021, rounded). The list goes as far as
 * elements appear in the Protein Data Bank.
 */
// biome-ignore format: a table
const WEIGHTS: Readonly<Record<string, number>> = {
  H: 1.008, D: 2.014, HE: 4.003, LI: 6.94, BE: 9.012, B: 10.81, C: 12.011, N: 14.007, O: 15.999, F: 18.998, NE: 20.18,
  NA: 22.99, MG: 24.305, AL: 26.982, SI: 28.085, P: 30.974, S: 32.06, CL: 35.45, AR: 39.95, K: 39.098, CA: 40.078,
  SC: 44.956, TI: 47.867, V: 50.942, CR: 51.996, MN: 54.938, FE: 55.845, CO: 58.933, NI: 58.693, CU: 63.546, ZN: 65.38,
  GA: 69.723, GE: 72.63, AS: 74.922, SE: 78.971, BR: 79.904, KR: 83.798, RB: 85.468, SR: 87.62, Y: 88.906, ZR: 91.224,
  NB: 92.906, MO: 95.95, RU: 101.07, RH: 102.906, PD: 106.42, AG: 107.868, CD: 112.414, IN: 114.818, SN: 118.71,
  SB: 121.76, TE: 127.6, I: 126.904, XE: 131.293, CS: 132.905, BA: 137.327, LA: 138.905, CE: 140.116, PR: 140.908,
  ND: 144.242, SM: 150.36, EU: 151.964, GD: 157.25, TB: 158.925, DY: 162.5, HO: 164.93, ER: 167.259, TM: 168.934,
  YB: 173.045, LU: 174.967, HF: 178.486, TA: 180.948, W: 183.84, RE: 186.207, OS: 190.23, IR: 192.217, PT: 195.084,
  AU: 196.967, HG: 200.592, TL: 204.38, PB: 207.2, BI: 208.98, TH: 232.038, U: 238.029,
};

/** Whether an upper-case symbol is an element's. */
export function isElement(symbol: string): boolean {
  return Object.hasOwn(WEIGHTS, symbol);
}

/** Atomic weight in dalton of an upper-case symbol; carbon's for an unknown one. */
export function atomicWeight(symbol: string): number {
  return WEIGHTS[symbol] ?? WEIGHTS.C;
}

/**
 * The element of an atom whose element column is empty, from its PDB name field (columns 13-16). Right-aligned symbols
 * start in the second column (" CA " is an alpha carbon, "CA  " calcium), but many programs ignore that, so a name
 * whose residue is a polymer's is never a metal.
 */
export function elementFromAtomName(nameField: string, isHetero: boolean): string {
  const letters = nameField.replace(/[^A-Za-z]/g, "").toUpperCase();
  const aligned = nameField.slice(0, 2).toUpperCase();
  if (isHetero && /^[A-Z]{2}$/.test(aligned) && isElement(aligned) && aligned !== "HG") return aligned;
  const first = letters[0] ?? "C";
  return isElement(first) ? first : "C";
}
