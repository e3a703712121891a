import { createStagePaces, type ProgressReport, type StagePace } from "../progress.js";
import { printable } from "./printable.js";
import type { Terminal } from "./terminal.js";

/** How often the line on a terminal, and the line in a log file, is renewed. */
const TTY_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;
/** A stage shorter than this is not worth a line in a log file, nor one to stay on a terminal where it is of one piece. */
const PATIENCE_MS = 1000;

export interface ProgressDisplay {
  readonly onProgress: (report: ProgressReport) => void;
  /** Leaves the cursor on a fresh line, so that what follows does not run into the progress. */
  readonly finish: () => void;
}

/** Shows progress on standard error: one updating line on a terminal, a line every few seconds elsewhere. */
export function createProgressDisplay(
  { err, errorIsTty, columns, now }: Pick<Terminal, "err" | "errorIsTty" | "columns" | "now">,
  { quiet = false }: { quiet?: boolean } = {},
): ProgressDisplay {
  const paceOf = createStagePaces(now);
  let lastShown = -Infinity;
  let lineOpen = false;
  let ended = false;

  const finish = () => {
    if (lineOpen) err("\n");
    lineOpen = false;
  };
  const onProgress = (report: ProgressReport) => {
    if (quiet) return;
    const time = now();
    const pace = paceOf(report);
    const { isNewStage } = pace;
    if (isNewStage) {
      finish();
      lastShown = errorIsTty ? -Infinity : time - LOG_INTERVAL_MS + PATIENCE_MS;
    }
    const isLast = report.total > 0 && report.done >= report.total;
    if (isLast && ended && !isNewStage) return; // said twice
    ended = isLast;
    const isShort = 1000 * pace.seconds < PATIENCE_MS;
    if (isLast && isShort && !errorIsTty) return;
    if (isLast && isShort && report.total === 1 && lineOpen) {
      err("\r\u001b[K");
      lineOpen = false;
      return;
    }
    if (!isLast && time - lastShown < (errorIsTty ? TTY_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    lastShown = time;
    const line = progressLine(report, pace);
    if (!errorIsTty) return err(`${line}\n`);
    err(`\r${line.slice(0, columns - 1)}\u001b[K`); // erase what a longer line left behind
    lineOpen = true;
    if (isLast) finish();
  };
  return { onProgress, finish };
}

/** "rendering particles: 45 of 72 (63 %), 12.3/s, 2 s left, note". */
function progressLine({ stage, done, total, note }: ProgressReport, pace: StagePace): string {
  const { seconds, perSecond, secondsLeft } = pace;
  // A single piece of work has no fraction done and no rate.
  if (total === 1) return printable(done < 1 ? `${stage} ...` : `${stage}: took ${durationText(seconds)}`);
  const parts = [total > 0 ? `${done} of ${total} (${Math.floor((100 * done) / total)} %)` : `${done}`];
  if (perSecond !== undefined) {
    parts.push(
      `${perSecond >= 100 ? perSecond.toFixed(0) : perSecond >= 1 ? perSecond.toFixed(1) : perSecond.toPrecision(2)}/s`,
    );
    if (secondsLeft !== undefined) parts.push(`${durationText(secondsLeft)} left`);
    else if (total > 0) parts.push(`took ${durationText(seconds)}`);
  }
  if (note) parts.push(note);
  return printable(`${stage}: ${parts.join(", ")}`).replaceAll("\n", " ");
}

/** "8 s", "3 min 20 s", "2 h 5 min". */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? seconds.toFixed(1).replace(/\.0$/, "") : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
