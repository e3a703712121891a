/** An entry of a named set, and how we know that it belongs there. */
export interface SetEntry {
  readonly id: string;
  /** "paper": named in the publication's text. "group": in the set of 22 that the same group uses in related papers. */
  readonly known: "paper" | "group";
}

const group = (id: string): SetEntry => ({ id, known: "group" });
const paper = (id: string): SetEntry => ({ id, known: "paper" });

/**
 * Sets of PDB entries by name. `cosnet22`: the publication speaks of 22 classes and names three; the others are those of
 * the group's usual simulated set of 22 complexes, taken from memory of related papers and not confirmed by this one.
 */
export const STRUCTURE_SETS: Readonly<Record<string, readonly SetEntry[]>> = {
  cosnet22: [
    group("1A1S"),
    group("1BXR"),
    group("1EQR"),
    group("1F1B"),
    group("1FNT"),
    group("1GYT"),
    group("1KP8"),
    group("1LB3"),
    group("1QO1"),
    group("1VPX"),
    group("1VRG"),
    group("1W6T"),
    group("1YG6"),
    group("2BO9"),
    group("2BYU"),
    paper("2GHO"),
    group("2GLS"),
    group("2H12"),
    group("2IDB"),
    group("2REC"),
    paper("3DY4"),
    paper("4V4Q"),
  ],
};
