import type { ListToListOptions } from "../filter/index.js";

/** How `mergeParticles` makes several lists one. */
export interface MergeOptions extends ListToListOptions {
  /** Of two in a tomogram that are nearer to each other than this, one goes. */
  readonly minimumDistanceAngstrom?: number | undefined;
  /** Only particles of one class are the same particle. */
  readonly withinClass?: boolean;
  /** Which of two stays: the one of higher score (default), or that of the list named first. */
  readonly prefer?: "best" | "first" | undefined;
  /** Column that is the score, without the underscore (default: the lists' own score). */
  readonly scoreColumn?: string | undefined;
  /** New names of classes by old ones. */
  readonly classNames?: ReadonlyMap<string, string> | undefined;
  /** Tomogram of the particles of lists that name none; "{list}" in it is the name of the list's file. */
  readonly tomogramName?: string | undefined;
}
