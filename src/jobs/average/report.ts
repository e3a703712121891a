import { resolutionAt } from "../../evaluate/index.js";
import { packageVersion } from "../../files/disk/index.js";
import type { AverageIteration, AverageReportClass, AverageReportData } from "../../report/index.js";
import { createVolume, type FoundSymmetry } from "../../volume/index.js";
import { contrastText } from "../search/index.js";
import type { AveragedClassRows, ClassAverage } from "./average-class.js";
import { commandsFor } from "./commands.js";
import type { AverageSettings } from "./options.js";
import { type AverageRun, averagesOf } from "./run.js";

/** Fraction of an average's highest density at which its surface is drawn. */
export const SURFACE_FRACTION = 0.35;

/** What the page shows of a run. */
export function reportData(run: AverageRun, settings: AverageSettings): AverageReportData {
  const { particles, averaged, left, warnings, seconds } = run;
  const { edge, voxelSizeAngstrom, contrast } = particles;
  const short = left.map(({ name, rows }) => `${name}: ${rows.length} particles are too few to average`);
  return {
    warnings: [...warnings, ...short],
    classes: averaged.flatMap((of) => of.averages.map((average) => classOf(average, of, run, settings))),
    commands: commandsFor(run, settings),
    outputs: [
      ["poses of the averaged particles, for RELION and others", "particles.star"],
      ...averagesOf(run).map(({ name, files }) => [`map of ${name}; half maps and mask beside it`, files.map] as const),
      ["everything here as numbers", "average.json"],
    ],
    run: {
      command: settings.command,
      seed: settings.seed,
      version: packageVersion(),
      model: "none: expectation maximisation",
      durationSeconds: seconds,
      facts: [
        ["particles", settings.particlesPath],
        ["boxes", `${edge}^3 voxels of ${voxelSizeAngstrom} Å`],
        ["contrast", contrastText(contrast)],
        ...particles.weights().map((sentence) => ["Fourier weights", sentence] as const),
      ],
    },
  };
}

function classOf(
  { name, average, members }: ClassAverage,
  { diameterAngstrom, setAside, reports }: AveragedClassRows,
  { particles: { edge, voxelSizeAngstrom } }: AverageRun,
  { symmetry: asked }: AverageSettings,
): AverageReportClass {
  const { correlation, volume } = average;
  const { pointGroup } = average.symmetry;
  const resolution = (threshold: number) =>
    average.isConfirmed
      ? resolutionAt(correlation.corrected, voxelSizeAngstrom, threshold)?.resolutionAngstrom
      : undefined;
  const highest = volume.reduce((most, value) => Math.max(most, value), 0);
  return {
    ...{ name, particles: members.length, correlation, iterations: iterationsOf(reports, voxelSizeAngstrom) },
    setAside: [["noise explains them as well", setAside.length]],
    average: createVolume([edge, edge, edge], voxelSizeAngstrom, volume),
    surfaceLevel: SURFACE_FRACTION * highest,
    resolutionAngstrom: resolution(0.143),
    resolutionAtHalfAngstrom: resolution(0.5),
    ...{ symmetry: pointGroup, symmetryNote: symmetryNote(average.symmetry, asked) },
    orientations: members.map(({ particle }) => particle.rotation),
    notes: [`Averaged as a particle of ${Math.round(diameterAngstrom)} Å.`],
  };
}

function symmetryNote({ pointGroup, score, isSeen, lost }: FoundSymmetry, asked: AverageSettings["symmetry"]): string {
  if (asked === "C1") return "given";
  if (pointGroup !== "C1") {
    const kept = `self-correlation ${score.toFixed(2)} beside what is round`;
    if (asked === "find") return `found, ${kept}`;
    return isSeen ? `given, ${kept}` : "given; before it was imposed the halves did not show it";
  }
  const what = asked === "find" ? "none found" : `${asked} was given, and nothing shows where its axes are`;
  if (lost) return `${lost} was found at first, and the halves do not keep to it in their final poses`;
  return isSeen ? what : `${what}: beside what looks the same from all sides, the halves agree in too little to tell`;
}

/** Rounds of refinement: in the search before them the halves do not meet. */
function iterationsOf(reports: AveragedClassRows["reports"], voxelSizeAngstrom: number): AverageIteration[] {
  return reports.flatMap((report) => {
    if (report.step !== "refining") return [];
    const [byShell] = report.correlations;
    if (!byShell) return [];
    const edge = 2 * (byShell.length - 1);
    const resolutionAngstrom = resolutionAt({ edge, byShell }, voxelSizeAngstrom, 0.143)?.resolutionAngstrom;
    return [{ iteration: report.done, resolutionAngstrom, meanTurnDegrees: report.meanDegrees }];
  });
}
