import { InvalidArgumentError } from "commander";
import { ConfigError } from "../../errors.js";
import type { SimulatedTomogram, TomogramParameters, TomogramPreset } from "../../jobs/simulate-tomogram/index.js";
import type { CommandDeclaration } from "../command-declaration.js";
import { typedCommand } from "../command-text.js";
import { choiceOption, integerOption, listOption, numberOption, snrOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface TomogramFlags extends CommonOptions {
  readonly output: string;
  readonly structures?: string[];
  readonly procedural?: number;
  readonly preset: TomogramPreset;
  readonly size?: readonly [number, number, number];
  readonly voxelSize?: number;
  readonly particles?: number;
  readonly occupancy?: number;
  readonly vesicles?: number;
  readonly actin?: number;
  readonly microtubules?: number;
  readonly gold?: number;
  readonly tilt?: number;
  readonly step?: number;
  readonly order?: "continuous" | "bidirectional" | "dose-symmetric";
  readonly dose?: number;
  readonly defocus?: number;
  readonly phaseShift?: number;
  readonly noise?: "gaussian" | "poisson";
  readonly snr?: number[];
  readonly reconstruct?: "wbp" | "sirt";
  readonly box?: number;
  readonly boxes?: number;
  readonly write?: ("npy" | "mrc" | "none")[];
  readonly edges?: "skip" | "fill";
  readonly zarr?: true;
  readonly threads: number;
  readonly overwrite?: true;
}

export const declareSimulateTomogram: CommandDeclaration = (simulate, terminal) => {
  const count = integerOption({ minimum: 0 });
  const positive = integerOption({ minimum: 1 });
  const command = simulate
    .command("tomogram")
    .description(
      "Pack structures into a crowded volume, take a tilt series of it, reconstruct it, and write all of the truth. Run again, it continues where it was.",
    )
    .requiredOption("--output <folder>", "where the tomogram goes")
    .option("--structures <folders...>", "pack the structures (PDB, mmCIF) and maps (MRC) in these folders")
    .option("--procedural <count>", "pack this many made-up complexes instead", positive)
    .option(
      "--preset <name>",
      "small, paper (10,000 particles) or shrec",
      choiceOption("small", "paper", "shrec"),
      "small",
    )
    .option("--size <x,y,z>", "of the tomogram in voxels, such as 600,600,300", sizeOption)
    .option("--voxel-size <angstrom>", "its voxel size", numberOption({ minimum: 1, maximum: 100 }))
    .option("--particles <count>", "how many to pack", count)
    .option("--occupancy <share>", "or how full, such as 0.15", numberOption({ minimum: 0, maximum: 0.9 }))
    .option("--vesicles <count>", "vesicles of lipid bilayer", count)
    .option("--actin <count>", "actin filaments", count)
    .option("--microtubules <count>", "microtubules", count)
    .option("--gold <count>", "gold beads of 10 nm", count)
    .option("--tilt <degrees>", "highest tilt to both sides", numberOption({ minimum: 1, maximum: 89 }))
    .option("--step <degrees>", "between tilts", numberOption({ minimum: 0.1, maximum: 60 }))
    .option(
      "--order <name>",
      "continuous, bidirectional or dose-symmetric",
      choiceOption("continuous", "bidirectional", "dose-symmetric"),
    )
    .option("--dose <electrons>", "of the whole series, through a square Ångström", numberOption({ minimum: 0.01 }))
    .option("--defocus <micrometre>", "underfocus", numberOption({ minimum: 0, maximum: 50 }))
    .option("--phase-shift <degrees>", "of a phase plate", numberOption({ minimum: 0, maximum: 180 }))
    .option("--noise <kind>", "gaussian or poisson", choiceOption("gaussian", "poisson"))
    .option("--snr <list>", 'signal-to-noise ratios, such as inf,1000,0.5; "inf" is none', listOption(snrOption))
    .option("--reconstruct <method>", "wbp (weighted back-projection) or sirt", choiceOption("wbp", "sirt"))
    .option("--box <voxels>", "edge of subtomograms", integerOption({ minimum: 8, maximum: 512 }))
    .option("--boxes <count>", "at most so many subtomograms, chosen at random", positive)
    .option("--edges <way>", "boxes over the edge: skip, or fill with their mean", choiceOption("skip", "fill"))
    .option("--write <list>", "subtomograms as npy, mrc or none", listOption(choiceOption("npy", "mrc", "none")))
    .option("--zarr", "write tomograms and labels as OME-Zarr, too")
    .option(
      "--threads <count>",
      "worker threads; the result is the same",
      integerOption({ minimum: 1, maximum: 256 }),
      2,
    )
    .option("--overwrite", "replace a tomogram made with other options in the same folder");
  withCommonOptions(command, [
    ["cosnet simulate tomogram --procedural 5 --output tomogram/", "a small one, of made-up complexes"],
    ["cosnet simulate tomogram --structures train/ test/ --preset paper --output paper/", "the publication's"],
    [
      "cosnet simulate tomogram --structures pdb/ --preset shrec --vesicles 4 --actin 3 --snr 0.2 --output cell/",
      "with membranes and filaments",
    ],
  ]).action((flags: TomogramFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { packageVersion } = await import("../../files/disk/index.js");
      const { simulateTomogram, tomogramPresets } = await import("../../jobs/simulate-tomogram/index.js");
      const result = await simulateTomogram({
        source: sourceOf(flags),
        parameters: parametersOf(flags, tomogramPresets[flags.preset]),
        seed: flags.seed,
        outputFolder: flags.output,
        threads: flags.threads,
        overwrite: flags.overwrite === true,
        madeBy: `cosnet ${packageVersion()}`,
        command: typedCommand(),
        ...progress,
      });
      return { text: resultText(result), summary: { command: "simulate tomogram", ...result } };
    }),
  );
};

/** "600,600,300" in the order in which people say it, x first. */
function sizeOption(text: string): [number, number, number] {
  const parts = text.split(/[,x]/).map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (parts.length !== 3 || parts.some((part) => !(part >= 16 && part <= 4096)))
    throw new InvalidArgumentError("Give three whole numbers from 16 to 4096, such as 600,600,300.");
  return parts as [number, number, number];
}

function sourceOf({ structures, procedural }: TomogramFlags) {
  if ((structures === undefined) === (procedural === undefined))
    throw new ConfigError("give either --structures or --procedural", {
      hint: "--structures FOLDERS packs the files in folders, --procedural COUNT makes up complexes.",
    });
  return structures === undefined ? { procedural: procedural! } : { structures };
}

function parametersOf(flags: TomogramFlags, preset: TomogramParameters): TomogramParameters {
  const { size, tilt, particles, occupancy, write } = flags;
  if (particles !== undefined && occupancy !== undefined)
    throw new ConfigError("give either --particles or --occupancy", { hint: "The one settles the other." });
  const amount = particles !== undefined ? { particles } : occupancy !== undefined ? { occupancy } : preset.amount;
  const formats = write?.filter((format) => format !== "none");
  return {
    ...preset,
    amount,
    ...(size && { shape: [size[2], size[1], size[0]] as const }),
    ...(flags.voxelSize !== undefined && { voxelSizeAngstrom: flags.voxelSize }),
    ...(flags.vesicles !== undefined && {
      vesicles: { radiusAngstrom: [250, 600], elongation: [1, 1.4], ...preset.vesicles, count: flags.vesicles },
    }),
    ...((flags.actin ?? flags.microtubules) !== undefined && {
      filaments: { actin: flags.actin ?? 0, microtubules: flags.microtubules ?? 0 },
    }),
    ...(flags.gold !== undefined && { gold: { diameterAngstrom: 100, ...preset.gold, count: flags.gold } }),
    imaging: {
      ...preset.imaging,
      ...(flags.defocus !== undefined && { defocusMicrometre: flags.defocus }),
      ...(flags.phaseShift !== undefined && { phaseShiftDegrees: flags.phaseShift }),
      scheme: {
        ...preset.imaging.scheme,
        ...(tilt !== undefined && { lowestDegrees: -tilt, highestDegrees: tilt }),
        ...(flags.step !== undefined && { stepDegrees: flags.step }),
        ...(flags.order && { order: flags.order }),
        ...(flags.dose !== undefined && { totalDoseElectronPerSquareAngstrom: flags.dose }),
      },
    },
    omeZarr: flags.zarr ?? preset.omeZarr,
    noise: flags.noise ?? preset.noise,
    snrs: flags.snr ?? preset.snrs,
    reconstruct: { ...preset.reconstruct, ...(flags.reconstruct && { method: flags.reconstruct }) },
    subtomograms: {
      ...preset.subtomograms,
      ...(flags.box !== undefined && { size: flags.box }),
      ...(flags.boxes !== undefined && { count: flags.boxes }),
      ...(flags.edges && { edges: flags.edges }),
      ...(formats && { formats }),
    },
  };
}

function resultText({ folder, report, reportFile, subtomogramCount, tomograms, times }: SimulatedTomogram): string {
  const { placed, requested, occupancy, placedStructures } = report;
  const others = Object.entries(placedStructures).filter(([, count]) => count > 0);
  const seconds = times.reduce((sum, time) => sum + time.seconds, 0);
  return [
    `${placed} of ${requested} particles of ${report.placedPerClass.length} classes fill ${(100 * occupancy).toFixed(1)} % of ${folder}`,
    ...(others.length > 0 ? [`With ${others.map(([kind, count]) => `${count} ${kind}`).join(", ")}.`] : []),
    `${subtomogramCount} subtomograms of each of ${tomograms.length} tomograms:`,
    ...tomograms.map((path) => `  ${path}`),
    `Report: ${reportFile}`,
    times.length > 0 ? `Took ${seconds.toFixed(0)} s; see timings.json.` : "All of it was there already.",
  ].join("\n");
}
