import type { Random } from "../../volume/index.js";
import { type Beads, centreBeads, concatenateBeads, transformBeads } from "./beads.js";
import { blob } from "./blob.js";
import { CUBIC_ANGSTROM_PER_KILODALTON } from "./complex.js";

/** Whether a point belongs to a solid of unit size that fits in a cube of half edge `EXTENT`. */
type Solid = (x: number, y: number, z: number) => boolean;
const EXTENT = 1.7;

/**
 * A geometric body with random proportions: barrel, shell, torus, rod, disc, V or funnel, of `massKilodalton` before up
 * to three random bites and lumps.
 */
export function primitive(random: Random, massKilodalton: number, spacingAngstrom: number): Beads {
  const solid = randomSolid(random);
  const scale = Math.cbrt((massKilodalton * CUBIC_ANGSTROM_PER_KILODALTON) / unitVolume(solid));
  let body = fill(random, solid, scale, spacingAngstrom);
  for (let rounds = random.integer(4); rounds > 0 && body.weights.length > 20; rounds--)
    body = random.next() < 0.6 ? bite(random, body) : lump(random, body, massKilodalton, spacingAngstrom);
  return body.weights.length > 20 ? centreBeads(body) : blob(random, massKilodalton, spacingAngstrom);
}

function randomSolid(random: Random): Solid {
  const a = random.uniform(0.3, 1);
  const b = random.uniform(0.2, 0.75);
  const w = random.uniform(0.4, 1);
  return random.pick<Solid>([
    (x, y, z) => within(Math.hypot(x, y), b, 1) && Math.abs(z) < 1.6 * a, // barrel
    (x, y, z) => within(Math.hypot(x, y, z), 0.35 + 0.55 * b, 1), // shell
    (x, y, z) => (Math.hypot(x, y) - 1) ** 2 + z * z * (0.3 + w) ** 2 < (0.25 + 0.4 * b) ** 2, // torus
    (x, y, z) => Math.hypot(x, y) < 0.25 * (0.6 + w) && Math.abs(z) < 1.2, // rod
    (x, y, z) => Math.hypot(x, y) < 1 && Math.abs(z) < 0.3 * (0.5 + w), // disc
    (x, y, z) => Math.hypot(x - Math.abs(z) * a, y) < 0.3 && Math.abs(z) < 1, // V
    (x, y, z) => {
      const radius = 0.2 + 0.4 * (z + 1);
      return within(Math.hypot(x, y), 0.7 * b * radius, radius) && Math.abs(z) < 1; // funnel
    },
  ]);
}

function within(value: number, low: number, high: number): boolean {
  return value > low && value < high;
}

/** Volume of the unit solid by counting on a lattice of 40 points an axis. */
function unitVolume(solid: Solid): number {
  const step = (2 * EXTENT) / 40;
  let count = 0;
  for (let z = step / 2 - EXTENT; z < EXTENT; z += step)
    for (let y = step / 2 - EXTENT; y < EXTENT; y += step)
      for (let x = step / 2 - EXTENT; x < EXTENT; x += step) if (solid(x, y, z)) count++;
  return count * step ** 3;
}

function fill(random: Random, solid: Solid, scale: number, spacing: number): Beads {
  const reach = EXTENT * scale;
  const [ox, oy, oz] = [random.uniform(0, spacing), random.uniform(0, spacing), random.uniform(0, spacing)];
  const positions: number[] = [];
  for (let z = oz - reach; z < reach; z += spacing)
    for (let y = oy - reach; y < reach; y += spacing)
      for (let x = ox - reach; x < reach; x += spacing)
        if (solid(x / scale, y / scale, z / scale)) {
          const jitter = 0.17 * spacing;
          positions.push(x + jitter * random.normal(), y + jitter * random.normal(), z + jitter * random.normal());
        }
  const beadMass = spacing ** 3 / CUBIC_ANGSTROM_PER_KILODALTON;
  return { positions: Float32Array.from(positions), weights: new Float32Array(positions.length / 3).fill(beadMass) };
}

/** Removes a ball around a random bead, up to a third of the body's extent in radius. */
function bite(random: Random, { positions, weights }: Beads): Beads {
  const centre = 3 * random.integer(weights.length);
  let extent = 0;
  for (let axis = 0; axis < 3; axis++) {
    let [low, high] = [Infinity, -Infinity];
    for (let p = axis; p < positions.length; p += 3) {
      low = Math.min(low, positions[p]);
      high = Math.max(high, positions[p]);
    }
    extent = Math.max(extent, high - low);
  }
  const radius = random.uniform(5, 0.35 * extent);
  const kept: number[] = [];
  for (let i = 0; i < weights.length; i++) {
    const dx = positions[3 * i] - positions[centre];
    const dy = positions[3 * i + 1] - positions[centre + 1];
    const dz = positions[3 * i + 2] - positions[centre + 2];
    if (dx * dx + dy * dy + dz * dz > radius * radius) kept.push(i);
  }
  return {
    positions: Float32Array.from(
      { length: 3 * kept.length },
      (_, p) => positions[3 * kept[Math.floor(p / 3)] + (p % 3)],
    ),
    weights: Float32Array.from(kept, (i) => weights[i]),
  };
}

/** Adds a small blob at the surface. */
function lump(random: Random, body: Beads, massKilodalton: number, spacing: number): Beads {
  const { positions, weights } = body;
  const at = 3 * random.integer(weights.length);
  const extra = blob(random, massKilodalton * random.uniform(0.03, 0.15), spacing);
  const position = [positions[at] * 1.1, positions[at + 1] * 1.1, positions[at + 2] * 1.1] as const;
  return concatenateBeads([body, transformBeads(extra, [1, 0, 0, 0, 1, 0, 0, 0, 1], ...position)]);
}
