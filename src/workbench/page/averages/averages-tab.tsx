import { computed, useSignal } from "@preact/signals";
import { FEWEST_TO_AVERAGE } from "../../protocol/index.js";
import { RunTools } from "../further/run-tools.js";
import { StartFurther } from "../further/start-further.js";
import { countText } from "../parts/number-text.js";
import { RunWarnings } from "../run/run-warnings.js";
import { averageRun, averages } from "../state/outcome/further-runs.js";
import { classes } from "../state/project.js";
import { pickCounts, shownRun } from "../state/results.js";
import { layers, mode } from "../state/view.js";
import { AverageCard } from "./average-card.js";

const counted = computed(() => classes.value.map((item) => ({ ...item, picks: pickCounts.value.get(item.id) ?? 0 })));

/** Mean particles of the classes: how they are made, and what came of it. */
export function AveragesTab() {
  const leftOut = useSignal<ReadonlySet<string>>(new Set());
  const run = averageRun.value;
  const ofRunId = shownRun.value?.id;
  if (ofRunId === undefined) return null;
  const enough = counted.value.filter(({ picks }) => picks >= FEWEST_TO_AVERAGE);
  const chosen = enough.filter(({ id }) => !leftOut.value.has(id));
  return (
    <div class="further">
      {run && <Made />}
      <StartFurther
        request={{ kind: "average", ofRunId, classIds: chosen.map(({ id }) => id) }}
        label={run ? "Average again" : "Average"}
        isFirst={!run}
        missing={missing(enough.length, chosen.length)}
      >
        {!run && (
          <p class="quiet">
            Aligns and averages the picks of each class in two independent halves, beginning from what you clicked. How
            far the halves agree is how far an average can be believed.
          </p>
        )}
        <ul class="class-choice" aria-label="Classes to average">
          {counted.value.map(({ id, name, colour, picks }) => (
            <li key={id}>
              <label class="check">
                <input
                  type="checkbox"
                  disabled={picks < FEWEST_TO_AVERAGE}
                  checked={picks >= FEWEST_TO_AVERAGE && !leftOut.value.has(id)}
                  onChange={() => (leftOut.value = toggled(leftOut.value, id))}
                />
                <span class="swatch" style={{ background: colour }} />
                <span class="grow name">{name}</span>
                <span class="quiet">
                  {countText(picks, "pick")}
                  {picks < FEWEST_TO_AVERAGE && ": too few"}
                </span>
              </label>
            </li>
          ))}
        </ul>
      </StartFurther>
    </div>
  );
}

function missing(enough: number, chosen: number): string | undefined {
  if (enough === 0)
    return `An average needs ${FEWEST_TO_AVERAGE} picks of a class at least; with a hundred or more it becomes clear.`;
  return chosen === 0 ? "Choose a class." : undefined;
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return set.has(id) ? new Set([...set].filter((other) => other !== id)) : new Set([...set, id]);
}

function Made() {
  const results = averages.value;
  const run = averageRun.value;
  if (!results || !run) return <p class="quiet">Reading…</p>;
  return (
    <>
      {results.classes.map((average) => (
        <AverageCard key={average.classId} average={average} />
      ))}
      <RunTools run={run} format="averages" saveLabel="Save averages">
        <button type="button" class="small" disabled={mode.value === "volume"} onClick={showInSpace}>
          Show in 3-D
        </button>
      </RunTools>
      <RunWarnings run={run} />
    </>
  );
}

function showInSpace(): void {
  layers.value = { ...layers.value, averages: true, arrows: true };
  mode.value = "volume";
}
