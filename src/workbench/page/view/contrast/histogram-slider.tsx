/** The histogram of grey values, with a handle at black and one at white. */
import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type GreyRange, greyRange, greyStatistics, shownGreyRange, shownTomogram } from "../../state/view.js";
import { greyText } from "../grey-text.js";
import { type GreyHistogram, shownPart } from "./grey-statistics.js";

/** Of the histogram's width, by a press of an arrow key; ten times as far with Page Up and Page Down. */
const STEP = 0.01;
const HEIGHT = 40;

export function HistogramSlider() {
  const frame = useRef<HTMLDivElement>(null);
  const histogram = useComputed<GreyHistogram>(() => {
    const info = shownTomogram.value;
    const automatic = greyStatistics.value ?? (info && { range: info.greyRange, histogram: info.greyHistogram });
    return automatic ? shownPart(automatic.histogram, automatic.range) : { from: 0, to: 1, counts: [] };
  });
  const fractionOf = (grey: number) => (grey - histogram.value.from) / (histogram.value.to - histogram.value.from);
  const greyAt = (clientX: number): number => {
    const { left, width } = frame.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    const fraction = Math.min(1, Math.max(0, (clientX - left) / width));
    return histogram.peek().from + fraction * (histogram.peek().to - histogram.peek().from);
  };
  return (
    <div
      class="histogram"
      ref={frame}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        const grey = greyAt(event.clientX);
        const [black, white] = shownGreyRange.peek();
        const isWhite = Math.abs(grey - white) < Math.abs(grey - black) || (grey > white && white === black);
        const move = ({ clientX }: PointerEvent) => setEnd(isWhite, greyAt(clientX), histogram.peek());
        const element = event.currentTarget;
        element.querySelectorAll<HTMLElement>("[role=slider]")[isWhite ? 1 : 0]?.focus({ preventScroll: true });
        element.onpointermove = move;
        element.onpointerup = element.onpointercancel = () => void (element.onpointermove = null);
        move(event);
      }}
    >
      <svg
        viewBox={`0 0 ${Math.max(1, histogram.value.counts.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={barsPath(histogram.value.counts)} />
      </svg>
      {(["black", "white"] as const).map((end, index) => (
        <div
          key={end}
          class={`handle handle-${end}`}
          role="slider"
          tabIndex={0}
          aria-label={`Grey value shown as ${end}`}
          aria-valuemin={histogram.value.from}
          aria-valuemax={histogram.value.to}
          aria-valuenow={shownGreyRange.value[index]!}
          aria-valuetext={greyText(shownGreyRange.value[index]!)}
          style={{ left: `${100 * Math.min(1, Math.max(0, fractionOf(shownGreyRange.value[index]!)))}%` }}
          onKeyDown={(event) => {
            const steps = STEPS[event.key];
            if (steps === undefined) return;
            event.preventDefault();
            const { from, to } = histogram.peek();
            setEnd(index === 1, shownGreyRange.peek()[index]! + steps * STEP * (to - from), histogram.peek());
          }}
        />
      ))}
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -1000, End: 1000 },
};

/** Moves one end; the other gives way where they would cross. */
function setEnd(isWhite: boolean, grey: number, { from, to }: GreyHistogram): void {
  const least = (to - from) * STEP * 0.5;
  const [black, white] = shownGreyRange.peek();
  const end = Math.min(to, Math.max(from, grey));
  const next: GreyRange = isWhite ? [Math.min(black, end - least), end] : [end, Math.max(white, end + least)];
  greyRange.value = next;
}

/** Bars as high as the root of their count, so that rare values are seen as well. */
function barsPath(counts: readonly number[]): string {
  const most = Math.sqrt(Math.max(1, ...counts));
  return counts
    .map((count, index) => {
      const height = (Math.sqrt(count) / most) * HEIGHT;
      return `M${index} ${HEIGHT}v${-height.toFixed(2)}h1v${height.toFixed(2)}z`;
    })
    .join("");
}
