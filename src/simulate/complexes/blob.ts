import { quaternionToMatrix, type Random, randomQuaternion } from "../../volume/index.js";
import { type Beads, centreBeads } from "./beads.js";
import { CUBIC_ANGSTROM_PER_KILODALTON } from "./complex.js";
import { randomDirection } from "./docking.js";

/**
 * A compact, lumpy body of `massKilodalton` at protein density: the union of one or more randomly stretched balls
 * (domains) with a wavy surface, filled with beads about `spacingAngstrom` apart. `domains` defaults to 1 + Poisson(0.8).
 * `dense` is the fraction of domains that are nucleic acid, which scatters 1.7 times as much per volume.
 */
export function blob(
  random: Random,
  massKilodalton: number,
  spacingAngstrom: number,
  { domains = 1 + random.poisson(0.8), dense = 0 } = {},
): Beads {
  const count = Math.max(8, Math.round((massKilodalton * CUBIC_ANGSTROM_PER_KILODALTON) / spacingAngstrom ** 3));
  const lobes = chainOfLobes(random, domains, count * spacingAngstrom ** 3, dense);
  const waves = [wave(random, 40), wave(random, 25)] as const;
  const { points, lobeOf } = fill(random, lobes, waves[0], spacingAngstrom, count);
  const weights = new Float32Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    // Proteins are not even inside; a 25 Å ripple of 20 % is of the size seen in low-pass filtered structures.
    const ripple = 1 + 0.2 * waves[1](points[3 * i], points[3 * i + 1], points[3 * i + 2]);
    sum += weights[i] = ripple * lobes[lobeOf[i]].density;
    for (let axis = 0; axis < 3; axis++) points[3 * i + axis] += random.normal() * 0.17 * spacingAngstrom;
  }
  for (let i = 0; i < count; i++) weights[i] *= massKilodalton / sum;
  return centreBeads({ positions: points, weights });
}

interface Lobe {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
  /** Rows of the map from space to the ball, divided by the radius. */
  readonly stretch: Float64Array;
  readonly density: number;
}

/** Balls of random fractions of `volume`, each stuck to an earlier one. */
function chainOfLobes(random: Random, count: number, volume: number, dense: number): Lobe[] {
  const fractions = dirichlet(random, count, 3);
  const lobes: Lobe[] = [];
  for (const fraction of fractions) {
    const radius = Math.cbrt((3 * volume * fraction) / (4 * Math.PI));
    const base = lobes.length > 0 ? random.pick(lobes) : undefined;
    const u = randomDirection(random);
    const distance = base ? (base.radius + radius) * random.uniform(0.6, 1.05) : 0;
    const matrix = quaternionToMatrix(randomQuaternion(random));
    const stretch = new Float64Array(9);
    for (let row = 0; row < 3; row++) {
      const scale = Math.exp(0.22 * random.normal()) / radius;
      for (let column = 0; column < 3; column++) stretch[3 * row + column] = matrix[3 * row + column] * scale;
    }
    lobes.push({
      x: (base?.x ?? 0) + u.x * distance,
      y: (base?.y ?? 0) + u.y * distance,
      z: (base?.z ?? 0) + u.z * distance,
      radius,
      stretch,
      density: random.next() < dense ? 1.7 : 1,
    });
  }
  return lobes;
}

/** Fractions that sum to one, from gamma deviates of integer shape (sums of exponential deviates). */
export function dirichlet(random: Random, count: number, shape: number): number[] {
  const gamma = () => Array.from({ length: shape }, () => -Math.log(1 - random.next())).reduce((a, b) => a + b, 0);
  const values = Array.from({ length: count }, gamma);
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
}

/** A plane wave of random direction and phase with about `lengthAngstrom` per period. */
function wave(random: Random, lengthAngstrom: number): (x: number, y: number, z: number) => number {
  const scale = (2 * Math.PI) / lengthAngstrom;
  const [a, b, c] = [random.normal() * scale, random.normal() * scale, random.normal() * scale];
  const phase = random.uniform(0, 2 * Math.PI);
  return (x, y, z) => Math.sin(a * x + b * y + c * z + phase);
}

/** The `count` points of a randomly placed cubic lattice that lie deepest inside the lobes. */
function fill(
  random: Random,
  lobes: readonly Lobe[],
  surface: (x: number, y: number, z: number) => number,
  spacing: number,
  count: number,
): { points: Float32Array; lobeOf: Uint8Array } {
  const axes = (["x", "y", "z"] as const).map((axis) => {
    const low = Math.min(...lobes.map((lobe) => lobe[axis] - 1.8 * lobe.radius)) - 2 * spacing;
    const high = Math.max(...lobes.map((lobe) => lobe[axis] + 1.8 * lobe.radius)) + 2 * spacing;
    return { start: low + random.uniform(0, spacing), count: Math.ceil((high - low) / spacing) };
  });
  const [ax, ay, az] = axes as [(typeof axes)[0], (typeof axes)[0], (typeof axes)[0]];
  const total = ax.count * ay.count * az.count;
  const depth = new Float32Array(total);
  const nearest = new Uint8Array(total);
  for (let k = 0, at = 0; k < az.count; k++) {
    const z = az.start + k * spacing;
    for (let j = 0; j < ay.count; j++) {
      const y = ay.start + j * spacing;
      for (let i = 0; i < ax.count; i++, at++) {
        const x = ax.start + i * spacing;
        let best = -9;
        for (let l = 0; l < lobes.length; l++) {
          const { x: lx, y: ly, z: lz, stretch: s } = lobes[l];
          const [dx, dy, dz] = [x - lx, y - ly, z - lz];
          const p = s[0] * dx + s[1] * dy + s[2] * dz;
          const q = s[3] * dx + s[4] * dy + s[5] * dz;
          const r = s[6] * dx + s[7] * dy + s[8] * dz;
          const inside = 1 - Math.sqrt(p * p + q * q + r * r);
          if (inside > best) {
            best = inside;
            nearest[at] = l;
          }
        }
        depth[at] = best > -0.5 ? best + 0.15 * surface(x, y, z) : best;
      }
    }
  }
  const threshold = depth.slice().sort()[total - count];
  const points = new Float32Array(3 * count);
  const lobeOf = new Uint8Array(count);
  for (let at = 0, kept = 0; at < total && kept < count; at++) {
    if (depth[at] < threshold) continue;
    points[3 * kept] = ax.start + (at % ax.count) * spacing;
    points[3 * kept + 1] = ay.start + (Math.floor(at / ax.count) % ay.count) * spacing;
    points[3 * kept + 2] = az.start + Math.floor(at / (ax.count * ay.count)) * spacing;
    lobeOf[kept++] = nearest[at];
  }
  return { points, lobeOf };
}
