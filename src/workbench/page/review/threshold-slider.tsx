import type { ParticleClass } from "../../protocol/index.js";
import { countText, percentText } from "../parts/number-text.js";
import { take } from "../state/project.js";
import { candidates, movingThresholds, picks, thresholds } from "../state/results.js";
import { expectedPrecision, histogramOf } from "./picks-in-numbers.js";

const STEPS = 50;
const HEIGHT = 20;

/** The probabilities of a class's picks as a histogram, and a slider below it. */
export function ThresholdSlider({ item: { id, name, colour } }: { readonly item: ParticleClass }) {
  const found = candidates.value.filter(({ foundClassId, rejection }) => foundClassId === id && rejection === "pick");
  const own = picks.value.filter(({ classId }) => classId === id);
  const threshold = thresholds.value[id] ?? 0;
  const move = (probability: number) => (movingThresholds.value = { ...movingThresholds.value, [id]: probability });
  const settle = async (probability: number) => {
    await take({ type: "set-threshold", classId: id, probability });
    const { [id]: _, ...rest } = movingThresholds.value;
    movingThresholds.value = rest;
  };
  return (
    <div class="threshold">
      <div class="row">
        <span class="swatch" style={{ background: colour }} />
        <b class="grow name">{name}</b>
        <span>{countText(own.length, "pick")}</span>
        <span class="quiet" title="Expected from their probabilities">
          {own.length > 0 && `${percentText(expectedPrecision(own))} right`}
        </span>
      </div>
      <Histogram values={found.map(({ probability }) => probability)} threshold={threshold} colour={colour} />
      <div class="row">
        <input
          type="range"
          min="0"
          max="1"
          step="0.01"
          aria-label={`Lowest probability of ${name}`}
          aria-valuetext={`${threshold.toFixed(2)}, ${countText(own.length, "pick")}`}
          value={threshold}
          onInput={({ currentTarget }) => move(Number(currentTarget.value))}
          onChange={({ currentTarget }) => void settle(Number(currentTarget.value))}
          onKeyDown={(event) => event.stopPropagation()}
        />
        <output title="Lowest probability">{threshold.toFixed(2)}</output>
      </div>
    </div>
  );
}

interface HistogramProps {
  readonly values: readonly number[];
  readonly threshold: number;
  readonly colour: string;
}

/** Heights by the square root, so that few among many are seen. */
function Histogram({ values, threshold, colour }: HistogramProps) {
  const counts = histogramOf(values, STEPS);
  const most = Math.max(1, ...counts);
  return (
    <svg class="histogram" viewBox={`0 0 ${STEPS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {counts.map((count, step) => {
        const height = HEIGHT * Math.sqrt(count / most);
        const isKept = (step + 1) / STEPS > threshold;
        return (
          <rect
            key={step}
            x={step + 0.1}
            width={0.8}
            y={HEIGHT - height}
            height={height}
            fill={isKept ? colour : "var(--line-strong)"}
            opacity={isKept ? 1 : 0.45}
          />
        );
      })}
    </svg>
  );
}
