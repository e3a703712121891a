import { InvalidArgumentError } from "commander";
import { ConfigError } from "../../errors.js";
import type { SegmentResult } from "../../jobs/segment/index.js";
import type { CommandDeclaration } from "../command-declaration.js";
import { choiceOption, integerOption, listOption, numberOption, voxelSizeOption } from "../option-values.js";
import { counted, shortened } from "../printable.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";
import { withSynonym } from "../synonym.js";

interface SegmentFlags extends CommonOptions {
  readonly particles?: string;
  readonly picks?: string;
  readonly support?: string;
  readonly output: string;
  readonly crf: "off" | "fitted" | "paper";
  readonly joint?: true;
  readonly surfaces: readonly ("stl" | "ply" | "glb" | "none")[];
  readonly perParticle?: true;
  readonly zarr?: true;
  readonly model?: string;
  readonly voxelSize?: number;
  readonly particleDiameter?: number;
  readonly invert?: true;
  readonly adapt: boolean;
  readonly threads?: number;
  readonly overwrite?: true;
}

export const segmentCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("segment")
    .description(
      "Outline particles in 3-D, in their own boxes or in a whole tomogram: label volumes, surfaces, sizes and shapes.",
    )
    .argument("[tomogram]", "MRC file whose voxels get labels, with --picks")
    .option("--particles <star>", "list of particles with boxes of their own")
    .option("--picks <list>", "list of places in the tomogram, of any format")
    .option("--support <list>", "list of examples to classify by; without it the list's own classes count")
    .option("--output <folder>", "everything goes here", "segmented")
    .option(
      "--crf <kind>",
      "refinement of outlines: fitted (mean of four half turns, then a random field), paper or off",
      choiceOption("off", "fitted", "paper"),
      "fitted",
    )
    .option("--joint", "refine the particles of a tomogram together with their neighbours")
    .option("--surfaces <list>", "stl, ply, glb or none", surfacesOption, ["glb"])
    .option("--per-particle", "write each particle's surface, too")
    .option("--zarr", "write labels as OME-Zarr, too")
    .option("--model <file>", "model to use instead of the one that ships with cosnet")
    .option("--voxel-size <angstrom>", "voxel size to believe instead of the files'", voxelSizeOption)
    .option(
      "--particle-diameter <angstrom>",
      "rough diameter of the particles, where it is not 100 to 300 Å: boxes are cut at voxels of a twentieth of it",
      numberOption({ minimum: 20, maximum: 20_000 }),
    )
    .option("--invert", "protein is dark in the files")
    .option(
      "--no-adapt",
      "show the network boxes as they are: neither turned to its tilt geometry nor freed of excess noise",
    )
    .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 }))
    .option("--overwrite", "replace an earlier result in the same folder");
  withSynonym(command, "--support <list>", "--supports <list>");
  withCommonOptions(command, [
    ["cosnet segment tomogram.mrc --picks picks.star", "labels for every voxel, from picks with classes"],
    ["cosnet segment tomogram.mrc --picks picks.star --support s.star --invert", "classify them as well; dark protein"],
    ["cosnet segment --particles classified/classified.star --surfaces stl,ply", "boxes that were classified"],
  ]).action((tomogram: string | undefined, flags: SegmentFlags) =>
    runAction(terminal, flags, async (progress) => {
      const particlesPath = listOf(tomogram, flags);
      const { segment } = await import("../../jobs/segment/index.js");
      const result = await segment({
        particlesPath,
        tomogramPath: tomogram,
        supportPath: flags.support,
        outputFolder: flags.output,
        modelPath: flags.model,
        crf: flags.crf,
        joint: flags.joint === true,
        surfaces: flags.surfaces.flatMap((format) => (format === "none" ? [] : [format])),
        surfacePerParticle: flags.perParticle === true,
        omeZarr: flags.zarr === true,
        voxelSizeAngstrom: flags.voxelSize,
        particleDiameterAngstrom: flags.particleDiameter,
        inverted: flags.invert === true,
        adapt: flags.adapt,
        threads: flags.threads,
        overwrite: flags.overwrite === true,
        seed: flags.seed,
        command: commandText(tomogram, flags),
        ...progress,
      });
      return { text: resultText(result), summary: { command: "segment", ...result } };
    }),
  );
};

function surfacesOption(text: string): ("stl" | "ply" | "glb" | "none")[] {
  const formats = listOption(choiceOption("stl", "ply", "glb", "none"))(text);
  if (formats.includes("none") && formats.length > 1) throw new InvalidArgumentError("Give none alone.");
  return formats;
}

function listOf(tomogram: string | undefined, { particles, picks }: SegmentFlags): string {
  if (tomogram === undefined && picks !== undefined)
    throw new ConfigError("--picks are places in a tomogram, and none is given", {
      hint: "cosnet segment TOMOGRAM --picks FILE; for particles with boxes of their own: --particles FILE.",
    });
  if (tomogram !== undefined && particles !== undefined)
    throw new ConfigError("--particles have boxes of their own, and a tomogram is given, too", {
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
  const names = classes.map(({ name }) => shortened(name.replace(/\s+/g, " "), 60));
  const width = Math.max(...names.map((name) => name.length));
  const nanometre = (angstrom: number) => (angstrom / 10).toFixed(1);
  return [
    `${counted(particles, "particle")} in ${classes.length === 1 ? "1 class" : `${classes.length} classes`}, diameter of the sphere of the same volume:`,
    ...classes.map(({ diameterAngstrom: { median, lowerQuartile, upperQuartile, count }, particles: number }, i) =>
      count === 0
        ? `  ${names[i]!.padEnd(width)}  ${number}`
        : `  ${names[i]!.padEnd(width)}  ${number}  median ${nanometre(median)} nm, half of them ${nanometre(lowerQuartile)} to ${nanometre(upperQuartile)} nm`,
    ),
    ...(empty > 0 ? [`${counted(empty, "particle")} with an empty outline.`] : []),
    ...(flagged > 0 ? [`${counted(flagged, "refinement")} not used: it changed the outline too much.`] : []),
    ...result.volumes.map((path) => `Volume: ${path}`),
    ...(result.masksFolder ? [`Masks: ${result.masksFolder}`] : []),
    ...result.surfaces.slice(0, 3).map((path) => `Surface: ${path}`),
    ...(result.surfaces.length > 3 ? [`  and ${result.surfaces.length - 3} more in the same folder`] : []),
    `Sizes: ${result.shapesPath}\nList: ${result.starPath}\nReport: ${result.reportPath} (open it in a browser)`,
  ].join("\n");
}

/** The command as it can be typed again. */
function commandText(tomogram: string | undefined, flags: SegmentFlags): string {
  const quoted = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
  const parts = ["cosnet segment"];
  if (tomogram) parts.push(quoted(tomogram));
  if (flags.picks) parts.push("--picks", quoted(flags.picks));
  if (flags.particles) parts.push("--particles", quoted(flags.particles));
  if (flags.support) parts.push("--support", quoted(flags.support));
  parts.push("--output", quoted(flags.output), "--crf", flags.crf, "--surfaces", flags.surfaces.join(","));
  if (flags.joint) parts.push("--joint");
  if (flags.perParticle) parts.push("--per-particle");
  if (flags.zarr) parts.push("--zarr");
  if (flags.model) parts.push("--model", quoted(flags.model));
  if (flags.voxelSize) parts.push("--voxel-size", String(flags.voxelSize));
  if (flags.particleDiameter) parts.push("--particle-diameter", String(flags.particleDiameter));
  if (flags.invert) parts.push("--invert");
  if (!flags.adapt) parts.push("--no-adapt");
  return parts.join(" ");
}
