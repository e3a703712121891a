import type { Random, Vector3 } from "../../../volume/index.js";
import type { Beads } from "../../complexes/beads.js";
import { CUBIC_ANGSTROM_PER_KILODALTON } from "../../complexes/complex.js";
import { splat } from "../../particle/splat.js";
import type { DrawStructure } from "./draw-structure.js";
import type { SpecimenOptions } from "./specimen.js";

interface Helix {
  /** Mass of a subunit and the distance of its centre from the axis. */
  readonly subunitKilodalton: number;
  readonly helixRadiusAngstrom: number;
  /** From one subunit to the next along the one-start helix; positive twist is right-handed. */
  readonly riseAngstrom: number;
  readonly twistDegrees: number;
  /** Helices side by side, each the one before moved along the axis. */
  readonly starts: number;
  readonly startRiseAngstrom: number;
  /** What the label covers: from the axis, or from a lumen, to the outer surface. */
  readonly innerRadiusAngstrom: number;
  readonly outerRadiusAngstrom: number;
  /** Mean squared bend in a length L is 2 L / persistence length. */
  readonly persistenceAngstrom: number;
}

const HELICES: Readonly<Record<"actin" | "microtubule", Helix>> = {
  /** F-actin: 42 kDa, rise 27.5 Å, twist -166.6 degrees (Oda et al. 2009), persistence length 10 um. */
  actin: {
    subunitKilodalton: 42,
    helixRadiusAngstrom: 16,
    riseAngstrom: 27.5,
    twistDegrees: -166.6,
    starts: 1,
    startRiseAngstrom: 0,
    innerRadiusAngstrom: 0,
    outerRadiusAngstrom: 42,
    persistenceAngstrom: 1e5,
  },
  /**
   * Microtubule of 13 protofilaments: three left-handed helices of 50 kDa monomers 40.9 Å apart along each
   * protofilament, so 3 x 40.9 / 13 Å up and 360 / 13 degrees round from each to the next (Zhang et al. 2015).
   */
  microtubule: {
    subunitKilodalton: 50,
    helixRadiusAngstrom: 106,
    riseAngstrom: (3 * 40.9) / 13,
    twistDegrees: -360 / 13,
    starts: 3,
    startRiseAngstrom: 40.9,
    innerRadiusAngstrom: 78,
    outerRadiusAngstrom: 135,
    persistenceAngstrom: 1e7,
  },
};

/** Beads of a subunit lie on a grid of this spacing within a ball. */
const BEAD_SPACING_ANGSTROM = 8;
/** The path bends after every step of this length. */
const STEP_ANGSTROM = 20;

/**
 * Filaments that cross the volume from face to face, mostly level (within 20 degrees), bent as their stiffness allows.
 * Nothing else may lie in a microtubule's lumen.
 */
export function placeFilaments(kind: "actin" | "microtubule"): DrawStructure {
  const helix = HELICES[kind];
  const subunit = ball(helix.subunitKilodalton);
  return (random, context) => {
    const path = drawPath(random, context.options, helix);
    const sites = tube(path, helix, context.options);
    const { occupancy } = context;
    if (sites.length === 0 || sites.some(({ x, y, z }) => occupancy.isTaken(x, y, z))) return undefined;
    const inner = (helix.innerRadiusAngstrom / context.options.voxelSizeAngstrom) ** 2;
    for (const { x, y, z, square } of sites) {
      if (square < inner) occupancy.takeVoxel(x, y, z);
      else context.label(x, y, z);
    }
    const { shape, voxelSizeAngstrom: voxel } = context.options;
    const startDegrees = random.next() * 360;
    const length = (path.length - 1) * STEP_ANGSTROM;
    for (const { along, degrees } of subunits(helix, length)) {
      const step = Math.floor(along / STEP_ANGSTROM);
      const rest = along - step * STEP_ANGSTROM;
      const angle = ((startDegrees + degrees) * Math.PI) / 180;
      const [c, s] = [helix.helixRadiusAngstrom * Math.cos(angle), helix.helixRadiusAngstrom * Math.sin(angle)];
      const { at, normal, binormal, tangent } = path[step];
      splat(context.density, shape, subunit, {
        matrix: [1 / voxel, 0, 0, 0, 1 / voxel, 0, 0, 0, 1 / voxel],
        x: (at.x + c * normal.x + s * binormal.x + rest * tangent.x) / voxel,
        y: (at.y + c * normal.y + s * binormal.y + rest * tangent.y) / voxel,
        z: (at.z + c * normal.z + s * binormal.z + rest * tangent.z) / voxel,
      });
    }
    return { positionAngstrom: path[path.length >> 1].at, sizeAngstrom: [helix.outerRadiusAngstrom, length] };
  };
}

/** Where each subunit of a straight helix lies: how far along the axis, and how far round. */
function* subunits({ riseAngstrom, twistDegrees, starts, startRiseAngstrom }: Helix, lengthAngstrom: number) {
  for (let start = 0; start < starts; start++) {
    const offset = start * startRiseAngstrom;
    for (let i = -Math.floor(offset / riseAngstrom); i * riseAngstrom + offset < lengthAngstrom; i++)
      yield { along: i * riseAngstrom + offset, degrees: i * twistDegrees };
  }
}

/** A point of the path with its right-handed frame: normal x binormal = tangent. */
interface Frame {
  readonly at: Vector3;
  readonly tangent: Vector3;
  readonly normal: Vector3;
  readonly binormal: Vector3;
}

/** From a random point both ways until the path leaves the volume. */
function drawPath(
  random: Random,
  { shape: [nz, ny, nx], voxelSizeAngstrom: voxel }: SpecimenOptions,
  helix: Helix,
): Frame[] {
  const size = { x: (nx - 1) * voxel, y: (ny - 1) * voxel, z: (nz - 1) * voxel };
  const middle = { x: random.next() * size.x, y: random.next() * size.y, z: random.next() * size.z };
  const azimuth = random.uniform(0, 2 * Math.PI);
  const climb = (random.uniform(-1, 1) * (20 * Math.PI)) / 180;
  const tangent = {
    x: Math.cos(climb) * Math.cos(azimuth),
    y: Math.cos(climb) * Math.sin(azimuth),
    z: Math.sin(climb),
  };
  const normal = { x: -Math.sin(azimuth), y: Math.cos(azimuth), z: 0 };
  const start: Frame = { at: middle, tangent, normal, binormal: cross(tangent, normal) };
  const forward = walk(random, start, size, helix, 1);
  const backward = walk(random, start, size, helix, -1);
  return [...backward.reverse(), start, ...forward];
}

function walk(random: Random, start: Frame, size: Vector3, { persistenceAngstrom }: Helix, sense: 1 | -1): Frame[] {
  const frames: Frame[] = [];
  const bend = Math.sqrt(STEP_ANGSTROM / persistenceAngstrom); // in each of two planes
  for (let frame = start; ; ) {
    const { at, tangent } = frame;
    const next = {
      x: at.x + sense * STEP_ANGSTROM * tangent.x,
      y: at.y + sense * STEP_ANGSTROM * tangent.y,
      z: at.z + sense * STEP_ANGSTROM * tangent.z,
    };
    if (next.x < 0 || next.y < 0 || next.z < 0 || next.x > size.x || next.y > size.y || next.z > size.z) return frames;
    frame = bentFrame(frame, next, bend * random.normal(), bend * random.normal());
    frames.push(frame);
  }
}

/** The frame at `at`, its tangent bent towards normal and binormal by small angles (radian), without twist. */
function bentFrame(
  { tangent, normal, binormal }: Frame,
  at: Vector3,
  towardsNormal: number,
  towardsBinormal: number,
): Frame {
  const bent = normalised({
    x: tangent.x + towardsNormal * normal.x + towardsBinormal * binormal.x,
    y: tangent.y + towardsNormal * normal.y + towardsBinormal * binormal.y,
    z: tangent.z + towardsNormal * normal.z + towardsBinormal * binormal.z,
  });
  const along = normal.x * bent.x + normal.y * bent.y + normal.z * bent.z;
  const upright = normalised({
    x: normal.x - along * bent.x,
    y: normal.y - along * bent.y,
    z: normal.z - along * bent.z,
  });
  return { at, tangent: bent, normal: upright, binormal: cross(bent, upright) };
}

/** The voxels of the tube around a path, each once, with the squared distance (voxels) to the nearest step. */
function tube(
  path: readonly Frame[],
  { outerRadiusAngstrom }: Helix,
  { shape: [nz, ny, nx], voxelSizeAngstrom: voxel }: SpecimenOptions,
) {
  const radius = outerRadiusAngstrom / voxel;
  const nearest = new Map<number, number>();
  const stride = Math.max(1, Math.floor((0.4 * outerRadiusAngstrom) / STEP_ANGSTROM));
  for (let i = 0; i < path.length; i += stride) {
    const { at, tangent } = path[i];
    const [cx, cy, cz] = [at.x / voxel, at.y / voxel, at.z / voxel];
    for (let z = Math.max(0, Math.ceil(cz - radius)); z <= Math.min(nz - 1, cz + radius); z++)
      for (let y = Math.max(0, Math.ceil(cy - radius)); y <= Math.min(ny - 1, cy + radius); y++)
        for (let x = Math.max(0, Math.ceil(cx - radius)); x <= Math.min(nx - 1, cx + radius); x++) {
          const [dx, dy, dz] = [x - cx, y - cy, z - cz];
          const square = dx * dx + dy * dy + dz * dz;
          if (square > radius * radius) continue;
          const along = dx * tangent.x + dy * tangent.y + dz * tangent.z;
          const key = (z * ny + y) * nx + x;
          const across = square - along * along;
          if (across < (nearest.get(key) ?? Infinity)) nearest.set(key, across);
        }
  }
  return Array.from(nearest, ([key, square]) => {
    return { x: key % nx, y: Math.floor(key / nx) % ny, z: Math.floor(key / (nx * ny)), square };
  });
}

/** Beads that fill a ball of protein. */
function ball(kilodalton: number): Beads {
  const radius = Math.cbrt((3 * kilodalton * CUBIC_ANGSTROM_PER_KILODALTON) / (4 * Math.PI));
  const steps = Math.ceil(radius / BEAD_SPACING_ANGSTROM);
  const positions: number[] = [];
  for (let z = -steps; z <= steps; z++)
    for (let y = -steps; y <= steps; y++)
      for (let x = -steps; x <= steps; x++)
        if (Math.hypot(x, y, z) * BEAD_SPACING_ANGSTROM <= radius)
          positions.push(x * BEAD_SPACING_ANGSTROM, y * BEAD_SPACING_ANGSTROM, z * BEAD_SPACING_ANGSTROM);
  const count = positions.length / 3;
  return { positions: Float32Array.from(positions), weights: new Float32Array(count).fill(kilodalton / count) };
}

function cross(a: Vector3, b: Vector3): Vector3 {
  return { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x };
}

function normalised({ x, y, z }: Vector3): Vector3 {
  const length = Math.hypot(x, y, z);
  return { x: x / length, y: y / length, z: z / length };
}
