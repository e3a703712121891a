import { createHash } from "node:crypto";
import { ConfigError } from "../../errors.js";
import type { ComplexSource } from "../../files/complexes/index.js";
import type { Progress } from "../../progress.js";
import {
  type Complex,
  defaultReconstruct,
  type NoiseKind,
  type planTiltSeries,
  type ReconstructOptions,
  type SpecimenOptions,
} from "../../simulate/index.js";

/** Boxes cut out around particles. */
export interface SubtomogramOptions {
  /** Edge in voxels. */
  readonly size: number;
  /** At most this many, drawn at random; all when absent. */
  readonly count?: number | undefined;
  /** What happens to boxes that reach beyond the tomogram: left out, or padded with their mean. */
  readonly edges: "skip" | "fill";
  /** "npy": the arrays that the authors' code reads. "mrc": a file and a mask for each. Neither: the list alone. */
  readonly formats: readonly ("npy" | "mrc")[];
}

/** Everything that decides the result; goes into the sidecar file. */
export interface TomogramParameters extends Omit<SpecimenOptions, "density"> {
  readonly imaging: Parameters<typeof planTiltSeries>[0];
  readonly noise: NoiseKind;
  readonly reconstruct: ReconstructOptions;
  /** Signal-to-noise ratios, each a tomogram of the same specimen; Infinity for none. */
  readonly snrs: readonly number[];
  readonly subtomograms: SubtomogramOptions;
  /** Whether each tomogram with its labels is written as OME-Zarr, too. */
  readonly omeZarr: boolean;
}

/** What a signal-to-noise ratio is here, for lists, report and the sidecar file. */
export const SNR_DEFINITION =
  "variance of the particles' noise-free reconstruction, without gold, membranes and filaments, over variance of the noise; each the median over the boxes around particles that lie inside the tomogram";

const common = {
  voxelSizeAngstrom: 10,
  marginVoxels: 1,
  imaging: {},
  noise: "gaussian",
  reconstruct: defaultReconstruct,
  omeZarr: false,
} as const;

/**
 * "small": minutes become seconds. "paper": section 3.1 of the publication, 10,000 particles in 600 x 600 x 300 voxels,
 * three ratios, 5,835 subtomograms. "shrec": like the SHREC 2021 contest, 512 x 512 x 200 voxels with vesicles and gold.
 */
export const tomogramPresets = {
  small: {
    ...common,
    shape: [96, 160, 160],
    amount: { particles: 120 },
    snrs: [Infinity, 0.5],
    subtomograms: { size: 32, edges: "skip", formats: ["npy"] },
  },
  paper: {
    ...common,
    shape: [300, 600, 600],
    amount: { particles: 10_000 },
    snrs: [Infinity, 1000, 0.5],
    subtomograms: { size: 32, count: 5835, edges: "skip", formats: ["npy"] },
  },
  shrec: {
    ...common,
    shape: [200, 512, 512],
    amount: { particles: 2500 },
    vesicles: { count: 8, radiusAngstrom: [250, 600], elongation: [1, 1.4] },
    gold: { count: 10, diameterAngstrom: 100 },
    imaging: { scheme: { stepDegrees: 2 } },
    snrs: [Infinity, 0.5],
    subtomograms: { size: 32, edges: "skip", formats: [] },
  },
} as const satisfies Readonly<Record<string, TomogramParameters>>;

export interface SimulateTomogramOptions extends Progress {
  /** What to pack: folders of structures and maps, a number of procedural complexes, or complexes given. */
  readonly source: ComplexSource;
  readonly parameters: TomogramParameters;
  readonly seed: string | number;
  readonly outputFolder: string;
  /** Worker threads; the bytes do not depend on it. */
  readonly threads: number;
  /** Replace what other parameters left in the folder; default false. */
  readonly overwrite?: boolean;
  readonly madeBy?: string;
  /** The command as it was typed, for the report. */
  readonly command?: string;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** @throws ConfigError naming what cannot be used (what the layers below do not check). */
export function checkTomogramParameters({ snrs, subtomograms, shape }: TomogramParameters): void {
  const names = snrs.map(snrName);
  if (snrs.length === 0 || snrs.some((snr) => !(snr > 0)))
    throw new ConfigError(`signal-to-noise ratios of ${snrs.join(", ") || "none"} are impossible`, {
      hint: "Give one or more positive numbers, or Infinity for no noise.",
    });
  if (new Set(names).size < names.length) throw new ConfigError("a signal-to-noise ratio is given twice");
  const { size, count } = subtomograms;
  if (!(Number.isInteger(size) && size >= 8 && size <= Math.min(...shape)))
    throw new ConfigError(`boxes of ${size} voxels cannot be cut out of [${shape.join(", ")}]`, {
      hint: "Give a whole number from 8 to the tomogram's smallest edge.",
    });
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw new ConfigError(`${count} subtomograms are impossible`, { hint: "Give a whole number from 1." });
}

/** "inf", "1000", "0.5": in names of files and folders. */
export function snrName(snr: number): string {
  return snr === Infinity ? "inf" : String(snr);
}

/** JSON with infinity as a word. */
export function parametersText(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (item === Infinity ? "infinity" : item), 2);
}

/** What two runs must share for one to continue from the other's files. */
export function fingerprint(
  parameters: TomogramParameters,
  seed: string | number,
  complexes: readonly Complex[],
): string {
  const hash = createHash("sha256").update(parametersText({ parameters, seed, snrDefinition: SNR_DEFINITION }));
  for (const { name, positionsAngstrom, weights } of complexes)
    hash.update(name).update(bytesOf(positionsAngstrom)).update(bytesOf(weights));
  return hash.digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
