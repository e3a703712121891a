import { ConfigError, throwIfAborted } from "../../../errors.js";
import { createFrequencies, type Frequencies } from "../../align/frequencies.js";
import { sphereMask } from "../sphere-mask.js";
import type { AverageOptions, ParticleSource } from "./averaging.js";
import { type BandParticle, bandRowLength, type ParticleBand, readParticleBand } from "./particle-band.js";
import type { KnownStart } from "./starts.js";

const FINEST_VOXELS = 2.2;
const LARGEST_SHIFT_VOXELS = 2;
/** What is averaged is cut to the particle and this beyond it on each side, beside its shift. */
const MARGIN_VOXELS = 3;
/** Masks leave room of 20 Å around the particle; over how many voxels they fade out. */
const [ROOM_ANGSTROM, FADE_VOXELS] = [20, 3] as const;
const FEWEST_PARTICLES = 10;

/** The part of a box that is averaged while poses are looked for. */
export interface AveragingGeometry {
  readonly edge: number;
  readonly radiusVoxels: number;
  readonly largestShell: number;
  readonly largestShiftVoxels: number;
  readonly diameterAngstrom: number;
  readonly voxelSizeAngstrom: number;
  /** `[edge, edge, edge]`: what is kept of references. */
  readonly mask: Float32Array;
}

/**
 * What the size of the averages follows from.
 * @throws ConfigError when there are too few particles or the box is smaller than the particle.
 */
export function geometryOf(
  { count, edge: boxEdge, voxelSizeAngstrom }: ParticleSource,
  options: AverageOptions,
): AveragingGeometry {
  const { diameterAngstrom, largestShiftVoxels = LARGEST_SHIFT_VOXELS, references = 1 } = options;
  if (count < FEWEST_PARTICLES * references)
    throw new ConfigError(`${count} particles are too few for ${references === 1 ? "an average" : "averages"}`, {
      hint: `Give at least ${FEWEST_PARTICLES} for each average.`,
    });
  if (!(diameterAngstrom > 0) || diameterAngstrom > boxEdge * voxelSizeAngstrom)
    throw new ConfigError(
      `a particle of ${diameterAngstrom} Å does not fit into boxes of ${boxEdge * voxelSizeAngstrom} Å`,
      { hint: "Give the particle's diameter, or larger boxes." },
    );
  const wanted = diameterAngstrom / voxelSizeAngstrom / 2 + largestShiftVoxels + MARGIN_VOXELS;
  const edge = Math.min(boxEdge, 2 * Math.ceil(wanted));
  const radiusVoxels = Math.min((diameterAngstrom / 2 + ROOM_ANGSTROM) / voxelSizeAngstrom, edge / 2 - FADE_VOXELS);
  const finest = options.finestAngstrom ?? FINEST_VOXELS * voxelSizeAngstrom;
  const largestShell = Math.min(Math.ceil(edge / 2) - 1, Math.round((edge * voxelSizeAngstrom) / finest));
  const mask = sphereMask(edge, radiusVoxels, FADE_VOXELS);
  return { edge, radiusVoxels, largestShell, largestShiftVoxels, diameterAngstrom, voxelSizeAngstrom, mask };
}

/**
 * The low frequencies of all particles, what is around each faded out.
 * @throws AbortError; what `source.read` throws.
 */
export async function readBand(
  source: ParticleSource,
  { edge, radiusVoxels, largestShell, largestShiftVoxels }: AveragingGeometry,
  { openRows, onProgress, signal }: AverageOptions,
): Promise<ParticleBand> {
  const room = Math.min(radiusVoxels + largestShiftVoxels, edge / 2 - 1);
  const frequencies = createFrequencies(edge, largestShell);
  return readParticleBand({
    ...{ frequencies, mask: sphereMask(edge, room, FADE_VOXELS), count: source.count },
    async read(index) {
      onProgress?.({ step: "reading", done: index, total: source.count });
      throwIfAborted(signal);
      return source.read(index);
    },
    store: await openRows?.(bandRowLength(frequencies)),
  });
}

/** What averages begin from as the particles' band has it, faded out as references are. @throws ShapeError for too small a box. */
export async function knownParticles(
  starts: readonly KnownStart[],
  { mask }: AveragingGeometry,
  frequencies: Frequencies,
): Promise<readonly BandParticle[]> {
  const read = (index: number) => starts[index].subtomogram;
  const band = await readParticleBand({ frequencies, mask, count: starts.length, read });
  return band.read([...starts.keys()]);
}

/** The sphere around the particle in its whole box, within which halves are compared. */
export function comparedMask({ edge }: ParticleSource, { radiusVoxels }: AveragingGeometry): Float32Array {
  return sphereMask(edge, Math.min(radiusVoxels, edge / 2 - FADE_VOXELS), FADE_VOXELS);
}
