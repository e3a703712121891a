import type { Matrix3, Random, Vector3 } from "../../volume/index.js";
import { type Beads, centreBeads, concatenateBeads, sampleBeads, transformBeads, tumbleBeads } from "./beads.js";
import { generatesGroup, type PointGroup, pointGroup } from "./point-groups.js";

const IDENTITY: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** Beads nearer than this touch. */
const CONTACT_ANGSTROM = 7.5;

/** A unit vector, uniform over the sphere. */
export function randomDirection(random: Random): Vector3 {
  const z = random.uniform(-1, 1);
  const angle = random.uniform(0, 2 * Math.PI);
  const across = Math.sqrt(1 - z * z);
  return { x: across * Math.cos(angle), y: across * Math.sin(angle), z };
}

/** Slides `part` in along `direction` (from outside, orientation kept) until it touches `base`; `base` stays put. */
export function dock(random: Random, base: Beads, part: Beads, direction: Vector3): Beads {
  const distance = contactDistance(sampleBeads(random, base, 250), sampleBeads(random, part, 250), direction) + 1;
  const { x, y, z } = direction;
  return concatenateBeads([base, transformBeads(part, IDENTITY, x * distance, y * distance, z * distance)]);
}

/** `part` in a random orientation, docked on `base`; the whole is centred. */
export function joinAtRandom(random: Random, base: Beads, part: Beads, direction?: Vector3): Beads {
  return centreBeads(dock(random, base, tumbleBeads(random, part), direction ?? randomDirection(random)));
}

/**
 * How far along the unit vector `u` the cloud b stands off when 2 % of its beads touch a. Bead b + R u comes within d
 * of bead a at `R = t + sqrt(d^2 - |w|^2 + t^2)` with w = a - b and t = w.u, so no stepping is needed.
 */
function contactDistance(a: Float32Array, b: Float32Array, u: Vector3): number {
  const entries = new Float64Array(b.length / 3);
  const contact = CONTACT_ANGSTROM ** 2;
  for (let j = 0; j < entries.length; j++) {
    const [bx, by, bz] = [b[3 * j], b[3 * j + 1], b[3 * j + 2]];
    let entry = 0;
    for (let p = 0; p < a.length; p += 3) {
      const x = a[p] - bx;
      const y = a[p + 1] - by;
      const z = a[p + 2] - bz;
      const t = x * u.x + y * u.y + z * u.z;
      const inside = contact - (x * x + y * y + z * z) + t * t;
      if (inside > 0) entry = Math.max(entry, t + Math.sqrt(inside));
    }
    entries[j] = entry;
  }
  entries.sort();
  return entries[Math.floor(0.98 * (entries.length - 1))];
}

/**
 * Copies of `unit` (in a random orientation) by every rotation of the group, pushed together along a random direction
 * until a random fraction of the beads (5, 12 or 25 %) touches a neighbour; sometimes pushed further or left apart. Of up
 * to six directions the first is taken whose contacts hold the whole assembly together.
 */
export function symmetricAssembly(random: Random, unit: Beads, group: PointGroup): Beads {
  const tumbled = tumbleBeads(random, unit);
  const elements = pointGroup(group);
  const fraction = random.pick([0.05, 0.12, 0.25]);
  const sample = sampleBeads(random, tumbled, 90);
  let u = unitDirection(random, group);
  let contact = symmetricContact(sample, elements, u, fraction);
  for (let tries = 5; tries > 0 && !generatesGroup(group, contact.touching); tries--) {
    u = unitDirection(random, group);
    contact = symmetricContact(sample, elements, u, fraction);
  }
  const distance = random.next() < 0.8 ? contact.distance : contact.distance * random.uniform(0.75, 1.05);
  const placed = transformBeads(tumbled, IDENTITY, u.x * distance, u.y * distance, u.z * distance);
  return concatenateBeads(elements.map((element) => transformBeads(placed, element)));
}

/** Where the asymmetric unit goes: level with a ring, off the equator of a dihedral pair of rings, else anywhere. */
function unitDirection(random: Random, group: PointGroup): Vector3 {
  if (!/^[CD]/.test(group)) return randomDirection(random);
  const latitude = group.startsWith("D") ? random.uniform(0.15, 1.25) : 0;
  const longitude = random.uniform(0, 2 * Math.PI);
  return {
    x: Math.cos(longitude) * Math.cos(latitude),
    y: Math.sin(longitude) * Math.cos(latitude),
    z: Math.sin(latitude),
  };
}

/**
 * Copies of x + R u and G (x + R u) differ by w + R v with w = x_p - G x_q and v = u - G u; bead p first touches at the
 * larger root of |w + R v|^2 = d^2. Only the nearest copies are looked at. `touching` are the elements (by index) whose
 * copies touch at the distance found.
 */
function symmetricContact(
  x: Float32Array,
  elements: readonly Matrix3[],
  u: Vector3,
  fraction: number,
): { readonly distance: number; readonly touching: readonly number[] } {
  const nearest = elements
    .map((matrix, index) => {
      const [a, b, c, d, e, f, g, h, i] = matrix;
      const v = {
        x: u.x - (a * u.x + b * u.y + c * u.z),
        y: u.y - (d * u.x + e * u.y + f * u.z),
        z: u.z - (g * u.x + h * u.y + i * u.z),
      };
      return { v, square: v.x ** 2 + v.y ** 2 + v.z ** 2, matrix, index, first: 0 };
    })
    .filter(({ square }) => square > 1e-6)
    .sort((one, other) => one.square - other.square)
    .slice(0, 6);
  const entries = new Float64Array(x.length / 3);
  for (const copyOf of nearest) {
    const { v, square, matrix } = copyOf;
    const copy = transformBeads({ positions: x, weights: new Float32Array(0) }, matrix).positions;
    for (let p = 0; p < entries.length; p++)
      for (let q = 0; q < copy.length; q += 3) {
        const wx = x[3 * p] - copy[q];
        const wy = x[3 * p + 1] - copy[q + 1];
        const wz = x[3 * p + 2] - copy[q + 2];
        const half = wx * v.x + wy * v.y + wz * v.z;
        const discriminant = half * half - square * (wx * wx + wy * wy + wz * wz - CONTACT_ANGSTROM ** 2);
        if (discriminant <= 0) continue;
        const root = (Math.sqrt(discriminant) - half) / square;
        if (root > entries[p]) entries[p] = root;
        if (root > copyOf.first) copyOf.first = root;
      }
  }
  entries.sort();
  // A unit beside a high-order axis could be thrown out to infinity; 260 Å is beyond any complex we keep.
  const distance = Math.min(260, entries[Math.floor((1 - fraction) * (entries.length - 1))]);
  return { distance, touching: nearest.filter(({ first }) => first >= distance).map(({ index }) => index) };
}
