import { countText } from "../../count-text.js";
import type { BatchStatus, UnitStatus } from "../../jobs/batch/index.js";
import { durationText } from "../progress-display.js";
import { failureLines } from "./result-text.js";

const STAGES: readonly (readonly [kind: UnitStatus["kind"], name: string])[] = [
  ["lead", "examples"],
  ["pick", "tomograms picked"],
  ["classify", "tomograms classified"],
  ["gather", "picks gathered"],
  ["segment", "tomograms segmented"],
  ["average", "classes averaged"],
];
const OPEN = ["running", "interrupted", "waiting", "failed"] as const;

/** Lines for people: each stage, how the computer is made use of, what failed. */
export function statusText(
  { batchFolder, units, failures, plan, secondsLeft }: BatchStatus,
  { units: all }: { readonly units: boolean },
): string {
  const stages = STAGES.flatMap(([kind, name]) => {
    const own = units.filter((unit) => unit.kind === kind);
    return own.length > 0 ? [`${name}: ${stageText(own)}`] : [];
  });
  const running = units.filter(({ status }) => status === "running");
  return [
    ...stages,
    ...(running.length > 0 ? [`Running: ${running.map(({ id, where }) => `${id} (${where})`).join(", ")}`] : []),
    ...(secondsLeft === undefined ? [] : [`About ${durationText(secondsLeft)} left for the tomograms that wait.`]),
    ...(plan === undefined ? [] : [`${plan}.`]),
    ...failureLines(batchFolder, failures),
    ...(all ? units.map(unitLine) : []),
  ].join("\n");
}

function stageText(units: readonly UnitStatus[]): string {
  const count = (status: UnitStatus["status"]) => units.filter((unit) => unit.status === status).length;
  const open = OPEN.flatMap((status) => (count(status) > 0 ? [`${count(status)} ${status}`] : []));
  return [`${count("done")} of ${units.length} done`, ...open].join(", ");
}

function unitLine({ id, status, seconds, peakMemoryBytes, attempt }: UnitStatus): string {
  return [
    `${id}: ${status}`,
    ...(seconds === undefined ? [] : [durationText(seconds)]),
    ...(peakMemoryBytes === undefined ? [] : [`${(peakMemoryBytes / 1e6).toFixed(0)} MB`]),
    ...(attempt > 1 ? [countText(attempt, "attempt")] : []),
  ].join(", ");
}
