import { InvalidArgumentError } from "commander";
import { countText } from "../../../count-text.js";
import { ConfigError } from "../../../errors.js";
import type { SimulatedTomogram, TomogramParameters } from "../../../jobs/simulate-tomogram/index.js";
import { declareCommand } from "../../command-declaration.js";
import { given } from "../../given.js";
import { flag, option, required, type ValuesOf } from "../../option.js";
import { choiceOption, integerOption, listOption, numberOption, snrOption } from "../../option-values.js";
import { jobOptions, overwrite } from "../../shared-options.js";
import { sourceOf, sourceOptions } from "./source.js";

const count = integerOption(0);

const options = {
  output: required(option("<folder>", "where the tomogram goes")),
  ...sourceOptions,
  preset: option(
    "<name>",
    "small, paper (10,000 particles) or shrec",
    choiceOption("small", "paper", "shrec"),
    "small",
  ),
  size: option("<x,y,z>", "size of the tomogram in voxels, such as 600,600,300", sizeOption),
  voxelSize: option("<angstrom>", "voxel size of the tomogram", numberOption(1, 100)),
  particles: option("<count>", "number of particles to pack", count),
  occupancy: option("<fraction>", "or the fraction of the volume to fill, such as 0.15", numberOption(0, 0.9)),
  vesicles: option("<count>", "vesicles of lipid bilayer", count),
  actin: option("<count>", "actin filaments", count),
  microtubules: option("<count>", "microtubules", count),
  gold: option("<count>", "gold beads of 10 nm", count),
  tilt: option("<degrees>", "maximum tilt angle, to either side", numberOption(1, 89)),
  step: option("<degrees>", "angle between tilts", numberOption(0.1, 60)),
  order: option(
    "<name>",
    "tilt scheme: continuous, bidirectional or dose-symmetric",
    choiceOption("continuous", "bidirectional", "dose-symmetric"),
  ),
  dose: option("<electrons>", "dose of the whole series, per Å²", numberOption(0.01)),
  defocus: option("<micrometre>", "underfocus", numberOption(0, 50)),
  phaseShift: option("<degrees>", "phase shift of a phase plate", numberOption(0, 180)),
  noise: option("<kind>", "kind of noise: gaussian or poisson", choiceOption("gaussian", "poisson")),
  snr: option(
    "<list>",
    'signal-to-noise ratios, such as inf,1000,0.5, of particles without gold and membranes; "inf" for no noise',
    listOption(snrOption),
  ),
  reconstruct: option(
    "<method>",
    "reconstruction: wbp (weighted back-projection) or sirt",
    choiceOption("wbp", "sirt"),
  ),
  box: option("<voxels>", "edge of subtomograms", integerOption(8, 512)),
  boxes: option("<count>", "at most this many subtomograms, chosen at random", integerOption(1)),
  edges: option("<way>", "boxes that reach over the edge: skip, or fill with their mean", choiceOption("skip", "fill")),
  write: option("<list>", "write subtomograms as npy, mrc or none", listOption(choiceOption("npy", "mrc", "none"))),
  zarr: flag("write tomograms and labels as OME-Zarr, too"),
  threads: option("<count>", "worker threads; the result is the same", integerOption(1, 256), 2),
  overwrite,
};

export const simulateTomogramCommand = declareCommand({
  name: "tomogram",
  description:
    "Pack structures into a crowded volume, take a tilt series of it, reconstruct it, and write the whole ground truth. Run again, it continues where it was.",
  options,
  examples: [
    ["cosnet simulate tomogram --procedural 5 --output tomogram/", "a small one, of made-up complexes"],
    ["cosnet simulate tomogram --structures train/ test/ --preset paper --output paper/", "the publication's"],
    [
      "cosnet simulate tomogram --structures pdb/ --preset shrec --vesicles 4 --actin 3 --snr 0.2 --output cell/",
      "with membranes and filaments",
    ],
  ],
  async run(flags, progress, { command }) {
    const { packageVersion } = await import("../../../files/package/index.js");
    const { simulateTomogram, tomogramPresets } = await import("../../../jobs/simulate-tomogram/index.js");
    const result = await simulateTomogram({
      ...jobOptions(flags),
      source: sourceOf(flags),
      parameters: parametersOf(flags, tomogramPresets[flags.preset]),
      madeBy: `cosnet ${packageVersion()}`,
      command,
      ...progress,
    });
    return { text: resultText(result), summary: { command: "simulate tomogram", ...result } };
  },
});

/** "600,600,300" in the order in which people say it, x first. */
function sizeOption(text: string): [number, number, number] {
  const parts = text.split(/[,x]/).map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (parts.length !== 3 || parts.some((part) => !(part >= 16 && part <= 4096)))
    throw new InvalidArgumentError("Give three whole numbers from 16 to 4096, such as 600,600,300.");
  return parts as [number, number, number];
}

function parametersOf(flags: ValuesOf<typeof options>, preset: TomogramParameters): TomogramParameters {
  const { size, tilt, particles, occupancy, actin, microtubules, write } = flags;
  if (particles !== undefined && occupancy !== undefined)
    throw new ConfigError("give either --particles or --occupancy", { hint: "The one settles the other." });
  return {
    ...preset,
    ...(particles !== undefined && { amount: { particles } }),
    ...(occupancy !== undefined && { amount: { occupancy } }),
    ...(size && { shape: [size[2], size[1], size[0]] as const }),
    ...given({ voxelSizeAngstrom: flags.voxelSize, noise: flags.noise, snrs: flags.snr }),
    ...(flags.vesicles !== undefined && {
      vesicles: { radiusAngstrom: [250, 600], elongation: [1, 1.4], ...preset.vesicles, count: flags.vesicles },
    }),
    ...((actin ?? microtubules) !== undefined && {
      filaments: { actin: actin ?? 0, microtubules: microtubules ?? 0 },
    }),
    ...(flags.gold !== undefined && { gold: { diameterAngstrom: 100, ...preset.gold, count: flags.gold } }),
    imaging: {
      ...preset.imaging,
      ...given({ defocusMicrometre: flags.defocus, phaseShiftDegrees: flags.phaseShift }),
      scheme: {
        ...preset.imaging.scheme,
        ...(tilt !== undefined && { lowestDegrees: -tilt, highestDegrees: tilt }),
        ...given({ stepDegrees: flags.step, order: flags.order, totalDoseElectronPerSquareAngstrom: flags.dose }),
      },
    },
    omeZarr: flags.zarr || preset.omeZarr,
    reconstruct: { ...preset.reconstruct, ...given({ method: flags.reconstruct }) },
    subtomograms: {
      ...preset.subtomograms,
      ...given({ size: flags.box, count: flags.boxes, edges: flags.edges }),
      ...(write && { formats: write.filter((format) => format !== "none") }),
    },
  };
}

function resultText({ folder, report, reportFile, subtomogramCount, tomograms, times }: SimulatedTomogram): string {
  const { placed, requested, occupancy, placedStructures } = report;
  const others = Object.entries(placedStructures).filter(([, count]) => count > 0);
  const seconds = times.reduce((sum, time) => sum + time.seconds, 0);
  return [
    `${placed} of ${countText(requested, "particle")} of ${countText(report.placedPerClass.length, "class", "classes")} fill ${(100 * occupancy).toFixed(1)} % of ${folder}`,
    ...(others.length > 0 ? [`With ${others.map(([kind, count]) => `${count} ${kind}`).join(", ")}.`] : []),
    `${subtomogramCount} subtomograms of each of ${tomograms.length} tomograms:`,
    ...tomograms.map((path) => `  ${path}`),
    `Report: ${reportFile}`,
    times.length > 0 ? `Took ${seconds.toFixed(0)} s; see timings.json.` : "All of it was there already.",
  ].join("\n");
}
