import { timeLeftText } from "../parts/number-text.js";
import { progress } from "../state/project.js";

interface StageProgressProps {
  readonly runId: string;
  /** Where nothing is known of the time left. */
  readonly note: string;
}

/** How far long work is: its stage, a bar, and time left. */
export function StageProgress({ runId, note }: StageProgressProps) {
  const now = progress.value?.runId === runId ? progress.value : undefined;
  const stage = now?.stage ?? "beginning";
  const bar = now && now.total > 0 ? { max: now.total, value: now.done } : {};
  return (
    <div class="stage-progress">
      <b>{stage.charAt(0).toUpperCase() + stage.slice(1)}</b>
      <progress aria-label={stage} {...bar} />
      <p class="quiet">{now?.secondsLeft === undefined ? note : timeLeftText(now.secondsLeft)}</p>
    </div>
  );
}
