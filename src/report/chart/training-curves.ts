import { lineChart } from "./line-chart.js";
import { classColour } from "./palette.js";

export interface TrainingCurvesData {
  /** Training loss at steps, in order. */
  readonly train: readonly { readonly step: number; readonly loss: number }[];
  /** Loss on validation complexes, at the steps at which it was measured. */
  readonly validation?: readonly { readonly step: number; readonly loss: number; readonly accuracy?: number }[];
  readonly title?: string;
  readonly yScale?: "linear" | "log";
}

/** At most this many points are drawn of a curve: more would only make the file larger. */
const MOST_POINTS = 800;

/** Loss curves as an SVG file of its own: the raw training loss pale, its running mean strong, validation with dots. */
export function trainingCurves(data: TrainingCurvesData): string {
  const raw = data.train.map(({ step, loss }) => ({ x: step, y: loss }));
  const validation = (data.validation ?? []).map(({ step, loss }) => ({ x: step, y: loss }));
  const smooth = runningMean(raw, Math.max(1, Math.round(raw.length / 40)));
  return lineChart(
    [
      { label: "", points: thin(raw), colour: classColour(0), faint: true },
      { label: "training (running mean)", points: thin(smooth), colour: classColour(0) },
      ...(validation.length > 0
        ? [{ label: "validation", points: validation, colour: classColour(4), dots: validation.length <= 60 }]
        : []),
    ],
    {
      title: data.title ?? "Training and validation loss",
      xTitle: "training step",
      yTitle: "loss",
      yScale: data.yScale ?? "linear",
      standalone: true,
    },
  ).markup;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Mean over the finite values of the `window` points up to and including each. */
function runningMean(points: readonly Point[], window: number): Point[] {
  return points.map(({ x }, index) => {
    const recent = points.slice(Math.max(0, index - window + 1), index + 1).filter(({ y }) => Number.isFinite(y));
    return { x, y: recent.reduce((sum, { y }) => sum + y, 0) / recent.length };
  });
}

function thin(points: readonly Point[]): Point[] {
  const stride = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => index % stride === 0 || index === points.length - 1);
}
