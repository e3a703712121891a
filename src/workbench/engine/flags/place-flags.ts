/** What candidates' places say of them: at the border, on one plane with their neighbours, too close to one. */
import { eigenvalues } from "../../../infer/index.js";
import { flagBit, type VoxelPosition } from "../../protocol/index.js";

export interface PlacedCandidate {
  readonly position: VoxelPosition;
  readonly radiusVoxels: number;
  readonly isPick: boolean;
}

/** Centres nearer to a pick's than this, in sums of the radii: the two overlap in much. */
const CLOSE_SPACING = 0.8;
/** Neighbours that tell a plane: so many, and no further away than so many radii. */
const NEIGHBOURS = 10;
const REACH_RADII = 8;
/** In radii: how flat they lie, and how far they spread at least. */
const FLAT = 0.3;
const SPREAD = 1.5;

/** Of the candidates of one tomogram. @param shape `[nz, ny, nx]` */
export function placeFlags(
  candidates: readonly PlacedCandidate[],
  shape: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const flags = new Uint8Array(candidates.length);
  const picks = candidates.filter(({ isPick }) => isPick);
  for (const [index, candidate] of candidates.entries()) {
    const { radiusVoxels: radius } = candidate;
    const near = neighboursOf(candidate, picks, REACH_RADII * radius).slice(0, NEIGHBOURS);
    const [nearest] = near;
    if (isAtBorder(candidate, shape)) flags[index]! |= flagBit("border");
    if (nearest && nearest.distance < CLOSE_SPACING * (radius + nearest.pick.radiusVoxels))
      flags[index]! |= flagBit("close");
    if (near.length === NEIGHBOURS && isFlat([candidate, ...near.map(({ pick }) => pick)], radius))
      flags[index]! |= flagBit("plane");
  }
  return flags;
}

/** Nearest first. */
function neighboursOf(of: PlacedCandidate, picks: readonly PlacedCandidate[], reach: number) {
  const { x, y, z } = of.position;
  return picks
    .filter((pick) => pick !== of && Math.abs(pick.position.x - x) < reach && Math.abs(pick.position.y - y) < reach)
    .map((pick) => ({
      pick,
      distance: Math.hypot(pick.position.x - x, pick.position.y - y, pick.position.z - z),
    }))
    .filter(({ distance }) => distance < reach)
    .sort((a, b) => a.distance - b.distance);
}

/** A part of the particle is outside. */
function isAtBorder(
  { position: { x, y, z }, radiusVoxels }: PlacedCandidate,
  [nz, ny, nx]: readonly number[],
): boolean {
  return Math.min(x, y, z, nx! - 1 - x, ny! - 1 - y, nz! - 1 - z) < radiusVoxels;
}

/** As on a membrane, or at the surface of the ice: far apart in two directions, and not at all in the third. */
function isFlat(placed: readonly PlacedCandidate[], radius: number): boolean {
  const mean = (axis: "x" | "y" | "z") => placed.reduce((sum, { position }) => sum + position[axis], 0) / placed.length;
  const centre = { x: mean("x"), y: mean("y"), z: mean("z") };
  const moment = (a: "x" | "y" | "z", b: "x" | "y" | "z") =>
    placed.reduce((sum, { position }) => sum + (position[a] - centre[a]) * (position[b] - centre[b]), 0) /
    placed.length;
  const [across, along] = eigenvalues(
    [moment("x", "x"), moment("y", "y"), moment("z", "z")],
    [moment("x", "y"), moment("x", "z"), moment("y", "z")],
  ).map((variance) => Math.sqrt(Math.max(0, variance))) as [number, number, number];
  return across < FLAT * radius && along > SPREAD * radius;
}
