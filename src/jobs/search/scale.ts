/** Particles of other sizes than those the networks were trained on: the tomogram is searched at other voxels. */
import { ConfigError } from "../../errors.js";
import type { Embedder, TileDetector } from "../../infer/index.js";

/** Diameter of a typical particle in the networks' boxes: of 32 voxels, a particle of training fills about 20. */
const TYPICAL_DIAMETER_VOXELS = 20;

/**
 * How many times larger than the networks' own the voxels are to be, so that particles of this diameter fill their boxes as
 * those of training did. Without a diameter 1: particles of 100 to 300 Å, at the networks' 10 Å.
 */
export function searchScale(
  particleDiameterAngstrom: number | undefined,
  { voxelSizeAngstrom }: Pick<TileDetector, "voxelSizeAngstrom">,
): number {
  if (particleDiameterAngstrom === undefined) return 1;
  return particleDiameterAngstrom / (TYPICAL_DIAMETER_VOXELS * voxelSizeAngstrom);
}

/** Particles up to this many voxels large are found as those of training are: 70S ribosomes (21 at 10 Å) are, 80S (24) are not. */
const LARGEST_DIAMETER_VOXELS = 23;
/** From one scale to the next: particles of any size then fill 15 to 23 voxels. */
const SCALE_STEP = 1.5;

/** What particles fill of a voxel grid, and whether it is too much for the networks. */
export function fitsScale(diameterAngstrom: number, voxelSizeAngstrom: number): boolean {
  return diameterAngstrom <= LARGEST_DIAMETER_VOXELS * voxelSizeAngstrom;
}

/**
 * The scales at which particles of any size are searched, finest first: the networks' own, then 1.5 times the last.
 * @param largest scales above it are left out
 */
export function searchScales(largest: number): number[] {
  const scales = [1];
  for (let scale = SCALE_STEP; scale <= largest; scale *= SCALE_STEP) scales.push(scale);
  return scales;
}

/** The `--particle-diameter` that asks for a scale; none for the networks' own. */
export function diameterOfScale(
  scale: number,
  { voxelSizeAngstrom }: Pick<TileDetector, "voxelSizeAngstrom">,
): number | undefined {
  return scale === 1 ? undefined : TYPICAL_DIAMETER_VOXELS * voxelSizeAngstrom * scale;
}

/** @throws ConfigError when no particle can have the diameter. */
export function checkParticleDiameter({
  particleDiameterAngstrom: diameter = 200,
}: {
  readonly particleDiameterAngstrom?: number | undefined;
}): void {
  if (!(diameter >= 20 && diameter <= 20_000))
    throw new ConfigError(`particles of ${diameter} Å cannot be searched`, {
      hint: "Give their diameter in Ångström, 20 to 20000.",
    });
}

/** The detector for voxels `scale` times as large; a network knows voxels, not lengths. */
export function scaledDetector(detector: TileDetector, scale: number): TileDetector {
  return { ...detector, voxelSizeAngstrom: detector.voxelSizeAngstrom * scale };
}

/** The classifier for voxels `scale` times as large. */
export function scaledEmbedder(embedder: Embedder, scale: number): Embedder {
  const { description } = embedder;
  return { ...embedder, description: { ...description, voxelSizeAngstrom: description.voxelSizeAngstrom * scale } };
}
