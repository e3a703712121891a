import { InvalidArgumentError } from "commander";
import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import type { SegmentResult } from "../../jobs/segment/index.js";
import { declareCommand } from "../command-declaration.js";
import { argument, flag, option, type ValuesOf } from "../option.js";
import { choiceOption, listOption } from "../option-values.js";
import { paddedNames } from "../printable.js";
import {
  adapt,
  commonMasks,
  commonMasksLine,
  crf,
  device,
  invert,
  invertExamples,
  jobOptions,
  model,
  overwrite,
  particleDiameter,
  precision,
  threads,
  voxelSize,
} from "../shared-options.js";

/** What `segment` can be told. */
export const segmentTable = {
  tomogram: argument("optional", "tomogram whose voxels get labels, with --picks"),
  particles: option("<star>", "list of particles with boxes of their own"),
  picks: option("<list>", "list of positions in the tomogram, in any format"),
  tomogramName: option("<name>", "what the written list calls the tomogram (default: as --picks, else its file)"),
  examples: option(
    "<examples...>",
    "examples to classify by, as of classify; without any the list's own classes are used",
  ),
  output: option("<folder>", "folder for all results", String, "segmented"),
  crf,
  commonMasks,
  joint: flag("refine the particles of a tomogram together with their neighbours"),
  surfaces: option("<list>", "stl, ply, glb or none", surfacesOption, ["glb"]),
  perParticle: flag("write each particle's surface, too"),
  zarr: flag("write labels as OME-Zarr, too"),
  model,
  voxelSize,
  particleDiameter,
  invert,
  invertExamples,
  adapt,
  precision,
  threads,
  device,
  overwrite,
};

export const segmentCommand = declareCommand({
  name: "segment",
  description:
    "Segment particles in 3-D, in their own boxes or in a whole tomogram: label volumes, surfaces, sizes and shapes.",
  options: segmentTable,
  examples: [
    ["cosnet segment tomogram.mrc --picks picks.star", "labels for every voxel, from picks with classes"],
    [
      "cosnet segment tomogram.mrc --picks picks.star --examples e.star --invert",
      "classify them as well; dark protein",
    ],
    ["cosnet segment --particles classified/classified.star --surfaces stl,ply", "boxes that were classified"],
  ],
  async run(flags, progress, { command }) {
    const particlesPath = listOf(flags);
    const { segment } = await import("../../jobs/segment/index.js");
    const result = await segment({
      ...segmentOptionsOf(flags),
      outputFolder: flags.output,
      overwrite: flags.overwrite,
      particlesPath,
      tomogramPath: flags.tomogram,
      tomogramName: flags.tomogramName,
      command,
      ...progress,
    });
    return { text: resultText(result), summary: { command: "segment", ...result } };
  },
});

/** Those flags as the job takes them; which particles, and what is written, is said beside. */
export function segmentOptionsOf(
  flags: Omit<ValuesOf<typeof segmentTable>, "tomogram" | "particles" | "picks" | "tomogramName" | "output">,
) {
  return {
    ...jobOptions(flags),
    examples: flags.examples,
    joint: flags.joint,
    surfaces: flags.surfaces.flatMap((format) => (format === "none" ? [] : [format])),
    surfacePerParticle: flags.perParticle,
    omeZarr: flags.zarr,
  };
}

function surfacesOption(text: string): ("stl" | "ply" | "glb" | "none")[] {
  const formats = listOption(choiceOption("stl", "ply", "glb", "none"))(text);
  if (formats.includes("none") && formats.length > 1) throw new InvalidArgumentError("Give none alone.");
  return formats;
}

type Lists = Readonly<Record<"tomogram" | "particles" | "picks", string | undefined>>;

function listOf({ tomogram, particles, picks }: Lists): string {
  if (tomogram === undefined && picks !== undefined)
    throw new ConfigError("--picks are positions in a tomogram, and no tomogram is given", {
      hint: "cosnet segment TOMOGRAM --picks FILE; for particles with boxes of their own: --particles FILE.",
    });
  if (tomogram !== undefined && particles !== undefined)
    throw new ConfigError("--particles have boxes of their own, but a tomogram is given, too", {
      hint: "Call the list --picks to cut boxes out of the tomogram, or leave the tomogram out.",
    });
  const list = picks ?? particles;
  if (list === undefined)
    throw new ConfigError("there is no list of particles", {
      hint: "Give --particles FILE, or a tomogram and --picks FILE.",
    });
  return list;
}

function resultText(result: SegmentResult): string {
  const { classes, particles, empty, flagged } = result;
  const names = paddedNames(classes);
  const nanometre = (angstrom: number) => (angstrom / 10).toFixed(1);
  return [
    `${countText(particles, "particle")} in ${countText(classes.length, "class", "classes")}, diameter of the sphere of the same volume:`,
    ...classes.map(({ diameterAngstrom: { median, lowerQuartile, upperQuartile, count }, particles: number }, i) =>
      count === 0
        ? `  ${names[i]}  ${number}`
        : `  ${names[i]}  ${number}  median ${nanometre(median)} nm, half of them ${nanometre(lowerQuartile)} to ${nanometre(upperQuartile)} nm`,
    ),
    `Contrast: ${result.contrast}.`,
    ...(result.voxelSize === undefined ? [] : [`Voxel size of the tomogram: ${result.voxelSize}.`]),
    ...(empty > 0 ? [`${countText(empty, "particle")} with an empty mask.`] : []),
    ...(flagged > 0 ? [`${countText(flagged, "refinement")} not used: it changed the mask too much.`] : []),
    ...commonMasksLine(result),
    ...result.volumes.map((path) => `Volume: ${path}`),
    ...(result.labelTypes ? [`Types: ${result.labelTypes}`] : []),
    ...(result.masksFolder ? [`Masks: ${result.masksFolder}`] : []),
    ...result.surfaces.slice(0, 3).map((path) => `Surface: ${path}`),
    ...(result.surfaces.length > 3 ? [`  and ${result.surfaces.length - 3} more in the same folder`] : []),
    `Sizes: ${result.shapesPath}\nList: ${result.starPath}\nReport: ${result.reportPath} (open it in a browser)`,
  ].join("\n");
}
