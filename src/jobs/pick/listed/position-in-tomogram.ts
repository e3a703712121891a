import { FormatError } from "../../../errors.js";
import type { Particle, ParticleList } from "../../../io/index.js";
import type { Vector3 } from "../../../volume/index.js";

interface Stated {
  readonly what: "example" | "particle";
  readonly origin: ParticleList["origin"];
  /** List and row. */
  readonly where: string;
}

/** The centre in Ångström from the first voxel. @throws FormatError for one that is missing or outside. */
export function positionIn(
  { path, sizeAngstrom: size }: { readonly path: string; readonly sizeAngstrom: Vector3 },
  { positionAngstrom: stated }: { readonly positionAngstrom?: Particle["positionAngstrom"] | undefined },
  { what, origin, where }: Stated,
): Vector3 {
  if (!stated || !Object.values(stated).every(Number.isFinite))
    throw new FormatError(`the ${what} has no position, and others of the list have`, where, {
      hint: `Give ${what}s with coordinates and ${what}s with images in lists of their own.`,
    });
  const half = origin === "first-voxel" ? 0 : 0.5;
  const { x, y, z } = { x: stated.x + half * size.x, y: stated.y + half * size.y, z: stated.z + half * size.z };
  if (Math.min(x, y, z) < 0 || x > size.x || y > size.y || z > size.z)
    throw new FormatError(`the ${what} lies outside ${path}`, where, {
      hint: `It is at x, y, z ${inAngstrom({ x, y, z })} from the first voxel, and the tomogram measures ${inAngstrom(size)}. Check the coordinates' unit and the voxel size (--voxel-size)${what === "example" ? ", and whether it is of another tomogram (--examples-tomogram)" : ""}.`,
    });
  return { x, y, z };
}

/** "340, 160, 640 Å". */
function inAngstrom({ x, y, z }: Vector3): string {
  return `${[x, y, z].map((value) => Math.round(value)).join(", ")} Å`;
}
