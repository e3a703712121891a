/** Turns of a wheel, and the many small ones that a trackpad tells, as whole steps. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0: pixels; 1: lines; 2: pages. */
  readonly deltaMode: number;
  /**
   * In no standard, but in every browser: 120 for a notch of a wheel, away from the user; three times the pixels of a trackpad.
   * Chromium divides it by the device's pixels for a CSS pixel.
   */
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
  readonly timeStamp: number;
}

const UNITS_PER_STEP = 120;
const UNITS_PER_PIXEL = 3;
const UNITS_PER_DELTA = [UNITS_PER_PIXEL, 40, 120] as const; // by mode: 40 pixels, 3 lines and a page are a step
/** A notch where a CSS pixel has three of the device's. */
const LEAST_NOTCH = UNITS_PER_STEP / 3;
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
    if (isNotch(turn, more)) {
      units = 0;
      return Math.sign(more) * Math.max(1, Math.round(Math.abs(more) / UNITS_PER_STEP));
    }
    units += more;
    const steps = Math.trunc(units / UNITS_PER_STEP);
    units -= steps * UNITS_PER_STEP;
    return steps + 0; // not -0
  };
}

/** Shift makes browsers say that a wheel is turned sidewards. */
function deltaOf({ deltaX, deltaY }: WheelTurn): number {
  return Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : deltaY;
}

function unitsOf(turn: WheelTurn): number {
  const { deltaX, deltaMode, wheelDeltaX = 0, wheelDeltaY = 0 } = turn;
  const delta = deltaOf(turn);
  const told = delta === deltaX && delta !== turn.deltaY ? wheelDeltaX : wheelDeltaY;
  return told ? -told : delta * (UNITS_PER_DELTA[deltaMode as 0 | 1 | 2] ?? UNITS_PER_PIXEL);
}

function isNotch(turn: WheelTurn, units: number): boolean {
  const isTrackpad = turn.deltaMode === 0 && Math.abs(units - UNITS_PER_PIXEL * deltaOf(turn)) < 1;
  return Math.abs(units) >= LEAST_NOTCH && !isTrackpad;
}

const ZOOM_PER_PIXEL = 0.01;
const MOST_PIXELS = 25;

/** By how much to zoom at a turn with Ctrl, which is how browsers tell of two fingers that part. */
export function zoomFactor({ deltaY, deltaMode }: Pick<WheelTurn, "deltaY" | "deltaMode">): number {
  const pixels = deltaMode === 0 ? deltaY : deltaY * MOST_PIXELS;
  return Math.exp(-Math.max(-MOST_PIXELS, Math.min(MOST_PIXELS, pixels)) * ZOOM_PER_PIXEL);
}
