import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError } from "../../errors.js";
import { type ParticleFormat, particleFormatOfName } from "../../io/index.js";
import { DEFAULT_SEED, type JobOptions, type JobResult } from "../../progress.js";
import { parsePointGroup, symmetryOperators } from "../../volume/index.js";

/** Nothing is drawn at random: the seed is only written into the outputs. */
export interface AlignOptions extends JobOptions {
  /** Particle list of any format: with images of its own (boxes or 2-D stacks), or positions in a tomogram. */
  readonly particlesPath: string;
  /** A map, a structure (PDB, mmCIF), or the number of a particle of the list, from 1. */
  readonly reference: string;
  /** Voxel size of a map that does not state it or states it wrongly. */
  readonly referenceVoxelSizeAngstrom?: number | undefined;
  /** Tomogram that coordinates refer to, where the list names none. */
  readonly tomogramPath?: string | undefined;
  /** Voxel size of the files, where they do not say it or are wrong. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Voxels along an edge of the boxes; default: those of the particles' images. */
  readonly boxSize?: number | undefined;
  /** Protein is dark in the particles' files; undefined: as the reference tells. */
  readonly inverted?: boolean | undefined;
  /** Lowest and highest tilt, believed instead of files and measurement. */
  readonly tiltRangeDegrees?: readonly [number, number] | undefined;
  /** Tilt angles (.mdoc, .tlt, .rawtlt) or tomograms.star. */
  readonly tiltsPath?: string | undefined;
  /** Align to the mirror image of the reference (z reversed about the box centre); default false. */
  readonly mirror?: boolean;
  /** Point group of the reference in RELION's frame, such as C1, D7, O; default C1. */
  readonly symmetry?: string;
  /** Finer detail is not compared. */
  readonly maximumResolutionAngstrom?: number | undefined;
  /** Default: as the reference shows. */
  readonly particleDiameterAngstrom?: number | undefined;
  /** How far a particle may be from the centre of its box; default 5 voxels. */
  readonly largestShiftAngstrom?: number | undefined;
  /** Names of further lists of the result, whose endings say the format, such as `particles.tbl` for Dynamo. */
  readonly lists?: readonly string[] | undefined;
  readonly threads?: number | undefined;
}

export type AlignSettings = ReturnType<typeof alignSettings>;

/** The options with every default filled in. @throws ConfigError naming the option that cannot be used. */
export function alignSettings({
  symmetry = "C1",
  mirror = false,
  lists = [],
  threads = availableParallelism(),
  overwrite = false,
  seed = DEFAULT_SEED,
  command = "align()",
  ...given
}: AlignOptions) {
  const pointGroup = parsePointGroup(symmetry);
  const require = (value: number | undefined, isGood: (value: number) => boolean, name: string, hint: string) => {
    if (value !== undefined && !isGood(value)) throw new ConfigError(`a ${name} of ${value} is impossible`, { hint });
  };
  require(given.boxSize, (n) => Number.isInteger(n) && n >= 8 && n <= 256, "box size", "Give 8 to 256 voxels.");
  const positive = (value: number) => value > 0 && Number.isFinite(value);
  require(given.maximumResolutionAngstrom, positive, "resolution", "Give Å, such as 30.");
  require(given.particleDiameterAngstrom, positive, "particle diameter", "Give Å, such as 250.");
  require(given.largestShiftAngstrom, positive, "largest shift", "Give Å, such as 50.");
  return {
    ...given,
    ...{
      pointGroup,
      operators: symmetryOperators(pointGroup),
      mirror,
      lists: formatsOf(lists),
      threads,
      overwrite,
      seed,
      command,
    },
    workFolder: join(resolve(given.outputFolder), ".align-work"),
  };
}

function formatsOf(names: readonly string[]): Readonly<Record<string, ParticleFormat>> {
  return Object.fromEntries(
    names.map((name) => {
      const format = particleFormatOfName(name);
      if (format === undefined || /[/\\]/.test(name))
        throw new ConfigError(`${name} does not say in which format the list is wanted`, {
          hint: "Give names without folders that end as the format's files do: particles.tbl, particles.em, particles.csv.",
        });
      return [name, format] as const;
    }),
  );
}

/** What `align` wrote. */
export interface AlignResult extends JobResult {
  /** particles.star, for RELION 5; tomograms.star and optimisation_set.star lie beside it where they can be written. */
  readonly starPath: string;
  /** Every pose with its alternatives. */
  readonly jsonPath: string;
  readonly particles: number;
  /** Particles that an earlier, stopped run had aligned. */
  readonly resumed: number;
  readonly medianConfidence: number;
  /** Particles whose confidence is at least one half. */
  readonly confident: number;
  /** Particles of the sample that fit the reference better than its mirror image, and how many were asked. */
  readonly hand: { readonly asGiven: number; readonly of: number } | undefined;
  readonly warnings: readonly string[];
}
