/** What lists say of the voxels of their tomograms. */
import { basename } from "node:path";
import { commonFact, type Particle, type ParticleList, reachOf, statedVoxelSize } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import type { StatedVoxelSize } from "../tomogram/index.js";
import type { ParticleBoxesOptions } from "./box-options.js";

/** What all particles of a list say of their tomogram's voxels. @throws FormatError for an impossible size. */
export function listedVoxelSize(list: Positions, path: string): StatedVoxelSize | undefined {
  const angstrom = commonFact(list.particles, path, statedVoxelSize);
  return angstrom === undefined ? undefined : { angstrom, by: basename(path), reachAngstrom: reachOf(list) };
}

type Positions = Pick<ParticleList, "particles" | "origin">;

/** What the particle's own list, else another one says of its tomogram's voxels. */
export function listedVoxelSizeOf(
  particle: Particle,
  { path, reachAngstrom }: { readonly path: string; readonly reachAngstrom: Vector3 },
  { listedVoxelSize }: Pick<ParticleBoxesOptions, "listedVoxelSize">,
): StatedVoxelSize | undefined {
  const angstrom = statedVoxelSize(particle, path);
  return angstrom === undefined ? listedVoxelSize : { angstrom, by: basename(path), reachAngstrom };
}
