import type { HalfMapCorrelation, ShellCorrelation } from "../../evaluate/index.js";
import type { Markup } from "../page/markup.js";
import { lineChart } from "./line-chart.js";
import { classColour } from "./palette.js";

/** Fourier shell correlation of half maps over spatial frequency, ticks in Å: unmasked, masked, by the mask alone, and corrected. */
export function fscChart(correlation: HalfMapCorrelation, voxelSizeAngstrom: number): Markup {
  const { unmasked, masked, phaseRandomised, corrected } = correlation;
  const curve = (label: string, { edge, byShell }: ShellCorrelation, colour: number, faint = false) => ({
    label,
    points: Array.from(byShell.subarray(1), (y, i) => ({ x: (i + 1) / (edge * voxelSizeAngstrom), y })),
    colour: classColour(colour),
    faint,
  });
  return lineChart(
    [
      curve("unmasked", unmasked, 2),
      curve("masked", masked, 1, true),
      curve("phases random", phaseRandomised, 4, true),
      curve("corrected", corrected, 0),
    ],
    {
      title: "Fourier shell correlation of the half maps",
      xTitle: "resolution (Å)",
      yTitle: "correlation",
      yRange: [-0.1, 1],
      xLabel: (frequency) => (frequency > 0 ? String(Number((1 / frequency).toPrecision(3))) : "∞"),
      guides: [
        { y: 0.5, label: "0.5" },
        { y: 0.143, label: "0.143" },
      ],
    },
  );
}
