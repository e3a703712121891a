/** Fourier weights that lie beside particles' boxes. */
import { FormatError } from "../../../errors.js";
import type { Particle, ParticleList } from "../../../io/index.js";
import { centreIndex, forEachFrequency } from "../../../volume/index.js";
import { fileExists } from "../../disk/index.js";
import { readVolumeFile } from "../../tomogram/index.js";
import { locate } from "../linked-files.js";
import type { WarningCounter } from "../warning-counter.js";

/** A weight as its file has it. */
export interface WeightFile {
  readonly path: string;
  /** `[edge, edge, floor(edge / 2) + 1]` in the order of `Fft3`. */
  readonly weight: Float32Array;
  readonly edge: number;
  /** "squared": the box was multiplied by the CTF, the weight is sampling times CTF^2; "amplitude": RELION 3's CTF; else either. */
  readonly kind: "squared" | "amplitude" | "unknown";
}

/**
 * The weight that a list names (`rlnCtfImage`), else `NAME_weight.mrc` or `NAME_weights.mrc` beside the box; undefined where
 * there is none.
 * @throws FileError, FormatError for a file that is no weight of such a box.
 */
export async function readWeightFile(
  list: ParticleList,
  listPath: string,
  particle: Particle,
): Promise<WeightFile | undefined> {
  const named = particle.extra.rlnCtfImage;
  const path = named === undefined ? await besideBox(listPath, particle) : await locate(listPath, named);
  if (path === undefined) return undefined;
  const { volume } = await readVolumeFile(path, { voxelSizeAngstrom: 1 });
  const [nz, ny, nx] = volume.shape;
  const halfWidth = Math.floor(ny / 2) + 1;
  if (nx === halfWidth && (nz === ny || nz === 2 * ny)) {
    // RELION 4 and 5: the half that Fourier transforms of real volumes have; below it, how often each voxel was measured.
    const weight = volume.data.slice(0, ny * ny * halfWidth);
    return { path, weight, edge: ny, kind: nz === ny ? "unknown" : "squared" };
  }
  if (nz !== ny || ny !== nx)
    throw new FormatError(`a Fourier weight of ${nx} x ${ny} x ${nz} values fits no box`, path, {
      hint: "Expected a cube with zero frequency in the middle, or RELION's half of it.",
    });
  const isAmplitude = named !== undefined && !isPremultiplied(list, particle);
  return { path, weight: fromMiddle(volume.data, ny), edge: ny, kind: isAmplitude ? "amplitude" : "unknown" };
}

/** Whether `readWeightFile` would find one. A file that a list names and that is not there is named among the doubts. */
export async function hasWeightFile(listPath: string, particle: Particle, doubts: WarningCounter): Promise<boolean> {
  const named = particle.extra.rlnCtfImage;
  if (named === undefined) return (await besideBox(listPath, particle)) !== undefined;
  if (await fileExists(await locate(listPath, named))) return true;
  doubts.add("Fourier weights that the list names (rlnCtfImage) are not there: boxes are taken as they are stored");
  return false;
}

async function besideBox(listPath: string, { imageName }: Particle): Promise<string | undefined> {
  if (imageName === undefined) return undefined;
  const box = await locate(listPath, imageName);
  const name = box.replace(/(_data)?\.(mrcs?|map|rec|em)$/i, "");
  for (const beside of [`${name}_weight.mrc`, `${name}_weights.mrc`]) if (await fileExists(beside)) return beside;
  return undefined;
}

/** Whether the optics group says that images were multiplied by the CTF. */
function isPremultiplied({ optics }: ParticleList, { opticsGroup }: Particle): boolean {
  const row = optics?.columns.get("rlnOpticsGroup")?.indexOf(opticsGroup ?? "") ?? 0;
  return optics?.columns.get("rlnCtfDataAreCtfPremultiplied")?.[Math.max(0, row)] === "1";
}

/** The half that `Fft3` has of a whole spectrum with zero frequency at voxel floor(edge / 2). */
function fromMiddle(values: Float32Array, edge: number): Float32Array {
  const weight = new Float32Array(edge * edge * (Math.floor(edge / 2) + 1));
  const index = (k: number) => (k + centreIndex(edge)) % edge;
  forEachFrequency(edge, (at, { x, y, z }) => {
    weight[at] = values[(index(z) * edge + index(y)) * edge + index(x)]!;
  });
  return weight;
}
