import { timeLeftText } from "../parts/number-text.js";
import { progress } from "../state/project.js";

interface StageProgressProps {
  /** What all of it is for. */
  readonly title?: string;
  readonly runId: string;
  /** What there is already. */
  readonly found?: string | undefined;
  /** Where nothing is known of the time left. */
  readonly note: string;
}

/** How far long work is: its stage, a bar, and time left. */
export function StageProgress({ title, runId, note, found }: StageProgressProps) {
  const now = progress.value?.runId === runId ? progress.value : undefined;
  const stage = now?.stage ?? "beginning";
  const bar = now && now.total > 0 ? { max: now.total, value: now.done } : {};
  return (
    <div class="stage-progress">
      {title && <b>{title}</b>}
      <span>{stage.charAt(0).toUpperCase() + stage.slice(1)}</span>
      <progress aria-label={stage} {...bar} />
      <p class="quiet">
        {[found, now?.secondsLeft === undefined ? note : timeLeftText(now.secondsLeft)].filter(Boolean).join("; ")}
      </p>
    </div>
  );
}
