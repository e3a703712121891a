import type { StageProgress } from "../../files/tomogram/index.js";
import type { ParticleList, PlacementOptions } from "../../io/index.js";
import type { FilterOptions } from "./options.js";

/** A list under the filter. */
export interface FilterContext {
  readonly list: ParticleList;
  readonly placement: PlacementOptions;
  readonly options: FilterOptions & StageProgress;
  /** One a particle, from the column asked for. */
  readonly scores: readonly (number | undefined)[];
}

/** One thing that particles must have. */
export interface Criterion {
  /** What those that go are, to follow their number: "of another class". */
  readonly what: string;
  readonly keep: (rows: readonly number[]) => readonly number[] | Promise<readonly number[]>;
}

/** A criterion that looks at one particle at a time. */
export function each(what: string, keeps: (row: number) => boolean): Criterion {
  return { what, keep: (rows) => rows.filter(keeps) };
}
