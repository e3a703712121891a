import { ConfigError } from "../../errors.js";
import type { Beads } from "./beads.js";

/** Protein occupies about 1.21 cubic Ångström per dalton (partial specific volume 0.73 cm3/g). */
export const CUBIC_ANGSTROM_PER_KILODALTON = 1210;

/** A macromolecule as a cloud of weighted beads: all that is needed to draw it at the resolution of a tomogram. */
export interface Complex {
  readonly name: string;
  readonly massKilodalton: number;
  /** x, y, z of each bead in turn, in Ångström; the centre of mass is the origin. */
  readonly positionsAngstrom: Float32Array;
  /** Mass of each bead in kilodalton, so that complexes of any origin have comparable densities. */
  readonly weights: Float32Array;
  /** The distance from the centre of mass that holds 97 % of the beads. */
  readonly radiusAngstrom: number;
  readonly gyrationRadiusAngstrom: number;
  readonly source: "procedural" | "structure" | "map";
}

/**
 * Centres the beads on their centre of mass (in place) and measures them.
 * @throws ConfigError when there is no mass or a coordinate is not a number.
 */
export function createComplex(
  { positions, weights }: Beads,
  { name, source }: { name: string; source: Complex["source"] },
): Complex {
  let [mass, x, y, z] = [0, 0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    mass += weight;
    x += weight * positions[3 * i];
    y += weight * positions[3 * i + 1];
    z += weight * positions[3 * i + 2];
  }
  if (!(mass > 0) || !Number.isFinite(x + y + z))
    throw new ConfigError("no density to draw", {
      where: name,
      hint: "A structure needs atoms with finite coordinates; a map needs voxels above its threshold.",
    });
  const distances = new Float32Array(weights.length);
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    const dx = (positions[3 * i] -= x / mass);
    const dy = (positions[3 * i + 1] -= y / mass);
    const dz = (positions[3 * i + 2] -= z / mass);
    const square = dx * dx + dy * dy + dz * dz;
    squares += weights[i] * square;
    distances[i] = Math.sqrt(square);
  }
  distances.sort();
  return {
    name,
    massKilodalton: mass,
    positionsAngstrom: positions,
    weights,
    radiusAngstrom: distances[Math.floor(0.97 * (distances.length - 1))],
    gyrationRadiusAngstrom: Math.sqrt(squares / mass),
    source,
  };
}
