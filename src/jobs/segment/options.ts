import { ConfigError } from "../../errors.js";
import type { Distribution } from "../../evaluate/index.js";
import type { CrfChoice } from "../../infer/index.js";
import { DEFAULT_SEED, type JobResult } from "../../progress.js";
import type { ClassifyOptions } from "../classify/index.js";
import { checkParticleDiameter, tomogramNames } from "../search/index.js";

/** Formats of surface files. */
export type SurfaceFormat = "stl" | "ply" | "glb";

/** The seed chooses the particles that the report shows; nothing else is drawn at random. */
export interface SegmentOptions extends Omit<ClassifyOptions, "examples" | "testTimeAveraging"> {
  /** A tomogram that the list's positions refer to: its voxels get labels. Without it every particle's own box is segmented. */
  readonly tomogramPath?: string | undefined;
  /** What the written list calls the tomogram; by default as the list read, else what its file's name says ("TS_01" of rec_TS_01.mrc). */
  readonly tomogramName?: string | undefined;
  /** As of `classify`. Without any the classes are those of the particle list. */
  readonly examples?: readonly string[] | undefined;
  /** Refine the particles of a tomogram together, with their neighbours as further labels, instead of each alone. */
  readonly joint?: boolean;
  /** Formats of the surfaces; an empty list for none. */
  readonly surfaces?: readonly SurfaceFormat[];
  /** Write the surface of each particle, too. */
  readonly surfacePerParticle?: boolean;
  /** Write the labels as OME-Zarr, too (with a tomogram only). */
  readonly omeZarr?: boolean;
  /** Diameter of the particles where it is far from 200 Å: boxes are of voxels of a twentieth of it, as in `pick`. */
  readonly particleDiameterAngstrom?: number | undefined;
}

/** One class of the result. */
export interface SegmentedClass {
  readonly name: string;
  /** Its value in the label volume. */
  readonly label: number;
  readonly particles: number;
  readonly diameterAngstrom: Distribution;
  readonly volumeCubicAngstrom: Distribution;
}

/** What `segment` wrote. */
export interface SegmentResult extends JobResult {
  readonly outputFolder: string;
  /** Label volume and the like, where there is a tomogram. */
  readonly volumes: readonly string[];
  /** Types of the label volumes in words, where there are any. */
  readonly labelTypes?: string | undefined;
  readonly masksFolder: string | undefined;
  readonly surfaces: readonly string[];
  readonly shapesPath: string;
  readonly starPath: string;
  readonly particles: number;
  /** Contrast and voxel size, and how they are known. */
  readonly contrast: string;
  readonly voxelSize: string | undefined;
  readonly classes: readonly SegmentedClass[];
  /** Particles whose mask is empty. */
  readonly empty: number;
  /** Particles whose refined mask changed too much and was not used. */
  readonly flagged: number;
  /** Masks that were made with those of like particles; absent where that was not asked for. */
  readonly combined?: number | undefined;
  readonly crf: CrfChoice;
  /** What was assumed or is odd, in sentences. */
  readonly warnings: readonly string[];
}

export type SegmentSettings = ReturnType<typeof settingsOf>;

/** The options with every default filled in. @throws ConfigError for options that contradict each other. */
export function settingsOf({
  crf = "fitted",
  commonMasks = false,
  joint = false,
  surfaces = ["glb"],
  surfacePerParticle = false,
  omeZarr = false,
  adapt = true,
  overwrite = false,
  seed = DEFAULT_SEED,
  command = "segment()",
  ...given
}: SegmentOptions) {
  checkParticleDiameter(given);
  checkTomogramName(given);
  if (joint && (given.tomogramPath === undefined || crf === "off"))
    throw new ConfigError(
      `particles cannot be refined together ${crf === "off" ? "without the CRF" : "without a tomogram"}`,
      { hint: "Leave --joint out." },
    );
  if (omeZarr && given.tomogramPath === undefined)
    throw new ConfigError("OME-Zarr labels need a tomogram", {
      hint: "Give the tomogram that the particles lie in, or leave --zarr out.",
    });
  const masks = { crf, commonMasks, joint };
  return { ...given, ...masks, surfaces, surfacePerParticle, omeZarr, adapt, overwrite, seed, command };
}

function checkTomogramName({
  tomogramPath,
  tomogramName,
}: Pick<SegmentOptions, "tomogramPath" | "tomogramName">): void {
  if (tomogramName === undefined) return;
  if (tomogramPath === undefined)
    throw new ConfigError("--tomogram-name names the tomogram, and none is given", {
      hint: "Give the tomogram that the particles lie in, or leave --tomogram-name out.",
    });
  tomogramNames([tomogramPath], { tomogramNames: [tomogramName] });
}
