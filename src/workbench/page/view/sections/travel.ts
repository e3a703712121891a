/** How somebody goes through sections, and which they are likely to want next. */
import { SECTIONS_TOGETHER } from "../../../protocol/index.js";

/** Sections fetched ahead of who stands still, in the direction of the last step; and one behind. */
const AHEAD = 4;
/** Every step in the same direction adds some. */
const AHEAD_OF_EACH_STEP = 2;
const MOST_AHEAD = 32;
/** A longer step is a jump. */
const LONGEST_STEP = 4;

export interface Travel {
  /** The last steps were in one direction. */
  readonly isScrolling: boolean;
  /** Sections passed while the latest request was under way: what is nearer comes too late. */
  readonly lag: number;
  to(index: number): void;
  /** A request goes out; what this gives is to be called when it is answered. */
  depart(): () => void;
  /** Indices that are likely next, the likeliest first; they may lie beyond the ends. */
  ahead(): number[];
  /** Whether two sections that are likely next come well in one request. */
  isNext(before: number | undefined, index: number): boolean;
}

export function createTravel(start: number): Travel {
  let at = start;
  let direction = 1;
  /** Since the last jump or turn. */
  let steps = 0;
  let passed = 0;
  let lag = 0;
  return {
    get isScrolling() {
      return steps > 0;
    },
    get lag() {
      return lag;
    },
    to(index) {
      const step = index - at;
      at = index;
      if (step === 0) return;
      const isOn = Math.sign(step) === direction && Math.abs(step) <= LONGEST_STEP;
      if (!isOn) lag = 0;
      steps = isOn ? steps + 1 : 0;
      direction = Math.sign(step);
      passed += Math.abs(step);
    },
    depart() {
      const before = passed;
      return () => {
        lag = steps > 0 ? Math.min(MOST_AHEAD, passed - before) : 0;
      };
    },
    ahead() {
      const depth = Math.min(MOST_AHEAD, AHEAD + AHEAD_OF_EACH_STEP * steps);
      return [...Array.from({ length: depth }, (_, i) => at + direction * (lag + i + 1)), at - direction];
    },
    isNext: (before, index) =>
      before === undefined ||
      (index - before === direction &&
        Math.floor(before / SECTIONS_TOGETHER) === Math.floor(index / SECTIONS_TOGETHER)),
  };
}
