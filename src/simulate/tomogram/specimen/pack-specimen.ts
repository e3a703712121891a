import {
  type Quaternion,
  quaternionToMatrix,
  type Random,
  randomQuaternion,
  voxelCount,
} from "../../../volume/index.js";
import type { Complex } from "../../complexes/complex.js";
import { beadsOf, splat } from "../../particle/splat.js";
import { type LabelVolumes, labelShape } from "./density.js";
import { type Candidates, createCandidates } from "./pack-candidates.js";
import { createOccupancy, type Occupancy } from "./pack-occupancy.js";
import {
  createShapeBits,
  dilateShape,
  rotateShape,
  type ShapeBits,
  type SurfaceField,
  shapeEdge,
  surfaceField,
} from "./pack-shape.js";
import {
  checkSpecimenOptions,
  type PackingReport,
  type PlacedParticle,
  type Specimen,
  type SpecimenOptions,
  STRUCTURE_KINDS,
} from "./specimen.js";
import { placeStructures } from "./structures.js";

/** What a caller may hook into the packing. */
export interface PackingProgress {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Awaited now and then; throws to stop. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

/** Poses tried at random positions before the free-space map is used, and positions tried for each. */
const RANDOM_POSES = 4;
const POSITIONS_PER_POSE = 64;
const PARTICLES_PER_BREATH = 64;

/**
 * Packs complexes at random poses, the largest first, so that no voxel of one's surface comes within `marginVoxels` of
 * another's. Every particle lies wholly inside the volume. A pose is drawn uniformly over all rotations and positions
 * (random sequential addition); when a few hundred draws find no room, the positions where the free space is wide enough
 * are gone through. Structures (vesicles, filaments, gold) come first, particles arrange themselves around them.
 *
 * Cost: rotating a surface visits the 5,000 to 80,000 voxels of its sphere once for each pose; a position is tested by a few
 * hundred word operations at most, most fail within ten. So 10,000 particles take about 10^9 operations in all.
 * @throws ConfigError for options that cannot be used.
 */
export async function packSpecimen(
  options: SpecimenOptions,
  complexes: readonly Complex[],
  random: Random,
  progress: PackingProgress = {},
): Promise<Specimen> {
  checkSpecimenOptions(options, complexes.length);
  const { shape, voxelSizeAngstrom, marginVoxels, memory = ownMemory } = options;
  const fields = complexes.map((complex) => surfaceField(complex, voxelSizeAngstrom));
  const volumes = fields.map((field) => shapeVolume(field, voxelSizeAngstrom, marginVoxels));
  const requestedPerClass = drawCounts(options, volumes, random.fork("composition"));
  const requested = requestedPerClass.reduce((sum, count) => sum + count, 0);
  const { gold, vesicles, filaments } = options;
  const structureCount =
    (gold?.count ?? 0) + (vesicles?.count ?? 0) + (filaments?.actin ?? 0) + (filaments?.microtubules ?? 0);
  const voxels = voxelCount(shape);
  const density = options.density ?? new Float32Array(voxels);
  const labels: LabelVolumes = {
    shape,
    classLabels: new Uint8Array(memory(voxels)),
    instanceLabels: instanceLabels(voxels, requested + structureCount, memory),
  };
  const occupancy = createOccupancy(shape);
  const structures = placeStructures(options, {
    occupancy,
    density,
    labels,
    random: random.fork("structures"),
    firstInstance: requested + 1,
    firstClass: complexes.length + 1,
  });

  const order = complexes.map((_, index) => index).sort((one, other) => volumes[other] - volumes[one] || one - other);
  const particles: PlacedParticle[] = [];
  const placedPerClass = complexes.map(() => 0);
  const full: string[] = [];
  let [trials, takenByParticles, tried] = [0, 0, 0];
  for (const index of order) {
    const packer = createPacker(occupancy, fields[index], options, random.fork("class", index));
    for (let i = 0; i < requestedPerClass[index]; i++, tried++) {
      if (tried % PARTICLES_PER_BREATH === 0) {
        progress.onProgress?.(tried, requested);
        await progress.breathe?.();
      }
      const placement = packer.place();
      if (!placement) {
        full.push(complexes[index].name);
        tried += requestedPerClass[index] - i;
        break;
      }
      const { bits, corner, centre, orientation } = placement;
      const instance = particles.length + 1;
      occupancy.take(bits, ...corner);
      labelShape(labels, bits, corner, { classNumber: index + 1, instance });
      const [x, y, z] = centre;
      const matrix = quaternionToMatrix(orientation, 1 / voxelSizeAngstrom);
      splat(density, shape, beadsOf(complexes[index]), { matrix, x, y, z });
      particles.push({
        complexIndex: index,
        positionAngstrom: { x: x * voxelSizeAngstrom, y: y * voxelSizeAngstrom, z: z * voxelSizeAngstrom },
        orientation,
        instance,
      });
      placedPerClass[index]++;
      takenByParticles += bits.voxels;
    }
    trials += packer.trials();
  }
  progress.onProgress?.(requested, requested);
  const report: PackingReport = {
    requested,
    placed: particles.length,
    requestedPerClass,
    placedPerClass,
    occupancy: takenByParticles / voxels,
    occupancyWithStructures: (takenByParticles + structures.voxels) / voxels,
    requestedStructures: structures.requested,
    placedStructures: structures.counts,
    trials,
    reason: reasonOf(full, structures.reason),
  };
  const classNames = [...complexes.map(({ name }) => name), ...STRUCTURE_KINDS];
  return {
    shape,
    voxelSizeAngstrom,
    density,
    particles,
    structures: structures.placed,
    classLabels: labels.classLabels,
    instanceLabels: labels.instanceLabels,
    classNames,
    report,
  };
}

const ownMemory = (byteLength: number): ArrayBufferLike => new ArrayBuffer(byteLength);

/** Labels up to `highest`, all 0. */
export function instanceLabels(
  voxels: number,
  highest: number,
  memory: (byteLength: number) => ArrayBufferLike = ownMemory,
): Uint16Array | Uint32Array {
  return highest < 65536 ? new Uint16Array(memory(2 * voxels)) : new Uint32Array(memory(4 * voxels));
}

function reasonOf(full: readonly string[], structures: string | undefined): string | undefined {
  if (full.length === 0) return structures;
  const particles = `No room was left for another ${full.join(", ")}: every wide enough gap was tried in ${CANDIDATE_POSES} poses.`;
  return structures ? `${structures} ${particles}` : particles;
}

/** Voxels inside the surface in its own pose; other poses differ by 1 %. */
function shapeVolume(field: SurfaceField, voxelSizeAngstrom: number, margin: number): number {
  const bits = createShapeBits();
  rotateShape(field, [1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0], { voxelSizeAngstrom, margin }, bits);
  return bits.voxels;
}

/** How many of each class to place. */
function drawCounts({ amount, shape, weights }: SpecimenOptions, volumes: readonly number[], random: Random): number[] {
  if ("counts" in amount) return [...amount.counts];
  const counts = volumes.map(() => 0);
  const abundances = weights ?? volumes.map(() => 1);
  if ("particles" in amount) {
    for (let i = 0; i < amount.particles; i++) counts[random.weighted(abundances)]++;
    return counts;
  }
  for (let room = amount.occupancy * voxelCount(shape); ; ) {
    const index = random.weighted(abundances);
    room -= volumes[index];
    if (room < -volumes[index] / 2) return counts; // ends nearest to what was asked for
    counts[index]++;
  }
}

interface Placement {
  readonly bits: ShapeBits;
  /** Voxel of the tomogram where the box of `bits` begins, x, y, z. */
  readonly corner: readonly [number, number, number];
  /** Centre of mass in voxels. */
  readonly centre: readonly [number, number, number];
  readonly orientation: Quaternion;
}

/** All poses a gap is tried in before a class is taken to be full. */
const CANDIDATE_POSES = 4;
const CANDIDATES_PER_POSE = 64;

/** Finds room for one complex again and again. */
function createPacker(
  occupancy: Occupancy,
  field: SurfaceField,
  { shape: [nz, ny, nx], voxelSizeAngstrom, marginVoxels: margin }: SpecimenOptions,
  random: Random,
) {
  const [bits, dilated] = [createShapeBits(), createShapeBits()];
  const middle = (shapeEdge(field, voxelSizeAngstrom, margin) - 1) / 2;
  const size = [nx, ny, nz] as const;
  let orientation: Quaternion;
  let offset: [number, number, number];
  let trials = 0;
  let candidates: Candidates | undefined;

  function newPose(): void {
    orientation = randomQuaternion(random);
    offset = [random.next() - 0.5, random.next() - 0.5, random.next() - 0.5];
    rotateShape(field, quaternionToMatrix(orientation), offset, { voxelSizeAngstrom, margin }, bits);
    if (margin > 0) dilateShape(bits, margin, dilated);
  }
  /** The pose with the middle voxel of its box at (x, y, z), if that is free and inside. */
  function tryAt(x: number, y: number, z: number): Placement | undefined {
    trials++;
    const corner = [x - middle, y - middle, z - middle] as const;
    for (let axis = 0; axis < 3; axis++)
      if (corner[axis] + bits.low[axis] < 1 || corner[axis] + bits.high[axis] > size[axis] - 2) return undefined;
    if (!occupancy.fits(margin > 0 ? dilated : bits, ...corner)) return undefined;
    return { bits, corner, centre: [x + offset[0], y + offset[1], z + offset[2]], orientation };
  }
  /** A middle voxel with which the pose lies inside along `axis`. */
  function coordinate(axis: number): number {
    const lowest = 1 + middle - bits.low[axis];
    const highest = size[axis] - 2 + middle - bits.high[axis];
    return lowest + random.integer(Math.max(1, highest - lowest + 1));
  }
  return {
    trials: () => trials,
    place(): Placement | undefined {
      for (let pose = 0; pose < RANDOM_POSES && candidates === undefined; pose++) {
        newPose();
        for (let i = 0; i < POSITIONS_PER_POSE; i++) {
          const found = tryAt(coordinate(0), coordinate(1), coordinate(2));
          if (found) return found;
        }
      }
      const innerRadius = field.innerRadiusAngstrom / voxelSizeAngstrom;
      candidates ??= createCandidates(occupancy, innerRadius, { random, tries: CANDIDATE_POSES });
      for (let i = 0; ; i++) {
        if (i % CANDIDATES_PER_POSE === 0) newPose();
        const position = candidates.next();
        const found = position && tryAt(...position);
        if (found || !position) return found;
      }
    },
  };
}
