/** Turns of a wheel, and the many small ones that a trackpad tells, as whole steps. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0: pixels; 1: lines; 2: pages. */
  readonly deltaMode: number;
  /** 120 for a notch of a wheel, away from the user; 3 for a pixel of a trackpad. Every browser has it, no standard. */
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
  readonly timeStamp: number;
}

const UNITS_PER_STEP = 120;
const UNITS_PER_DELTA = [3, 40, 120] as const; // by mode: 40 pixels, 3 lines and a page are a step
/** What is left of a turn is forgotten after this. */
const PAUSE_MILLISECONDS = 250;

/** A function that takes turns and gives steps: positive when the wheel is turned towards the user. */
export function createWheelSteps(): (turn: WheelTurn) => number {
  let units = 0;
  let previousTime = Number.NEGATIVE_INFINITY;
  return (turn) => {
    const more = unitsOf(turn);
    if (turn.timeStamp - previousTime > PAUSE_MILLISECONDS || Math.sign(more) !== Math.sign(units)) units = 0;
    previousTime = turn.timeStamp;
    units += more;
    const steps = Math.trunc(units / UNITS_PER_STEP);
    units -= steps * UNITS_PER_STEP;
    return steps + 0;
  };
}

/** Shift makes browsers say that a wheel is turned sidewards. */
function unitsOf({ deltaX, deltaY, deltaMode, wheelDeltaX = 0, wheelDeltaY = 0 }: WheelTurn): number {
  const isSideways = Math.abs(deltaX) > Math.abs(deltaY);
  const told = isSideways ? wheelDeltaX : wheelDeltaY;
  if (told) return -told;
  return (isSideways ? deltaX : deltaY) * (UNITS_PER_DELTA[deltaMode as 0 | 1 | 2] ?? UNITS_PER_DELTA[0]);
}

const ZOOM_PER_PIXEL = 0.01;
const MOST_PIXELS = 25;

/** By how much to zoom at a turn with Ctrl, which is how browsers tell of two fingers that part. */
export function zoomFactor({ deltaY, deltaMode }: Pick<WheelTurn, "deltaY" | "deltaMode">): number {
  const pixels = deltaMode === 0 ? deltaY : deltaY * MOST_PIXELS;
  return Math.exp(-Math.max(-MOST_PIXELS, Math.min(MOST_PIXELS, pixels)) * ZOOM_PER_PIXEL);
}
