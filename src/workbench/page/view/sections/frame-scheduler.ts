/** Draws once for each frame of the screen, however often it is asked to. */
export interface FrameScheduler {
  request(): void;
  /** Draws at once, within the frame that is being made: after a canvas has changed its size, which empties it. */
  now(): void;
  stop(): void;
}

export function createFrameScheduler(draw: () => void): FrameScheduler {
  let pending: number | undefined;
  const stop = () => {
    if (pending !== undefined) cancelAnimationFrame(pending);
    pending = undefined;
  };
  const now = () => {
    stop();
    draw();
  };
  return {
    request() {
      pending ??= requestAnimationFrame(now);
    },
    now,
    stop,
  };
}
