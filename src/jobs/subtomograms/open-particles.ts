/** Particles for `align` and `average`: their boxes' size and contrast settled, each read when it is asked for. */
import { openSubtomograms, type ParticleSubtomogram, type SubtomogramReader } from "../../files/particles/index.js";
import { createSpectrumBox } from "../../infer/index.js";
import type { ParticleList } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { normaliseInPlace } from "../../volume/index.js";
import { contrastOfLists, type ListBoxes, type ListContrast } from "../search/index.js";

/** How particles are to be opened. */
export interface OpenParticlesOptions extends Progress {
  readonly tomogramPath?: string | undefined;
  /** Voxels along an edge of the boxes. */
  readonly boxSize?: number | undefined;
  /** Diameter of the particles: where boxes are cut and `boxSize` is not given, their edge is 1.6 of it. */
  readonly diameterOf?: (list: ParticleList) => number | undefined;
  /** Rows of the list that are asked for, from 0; default: all. Those that lie mostly outside of their tomograms are none of them. */
  readonly rowsOf?: (list: ParticleList) => readonly number[];
  /** Voxel size that boxes are brought to. */
  readonly boxVoxelSizeAngstrom?: number | undefined;
  /** Voxel size of the files, believed instead of what they say. */
  readonly voxelSizeAngstrom?: number | undefined;
  readonly inverted?: boolean | undefined;
  readonly tiltRangeDegrees?: readonly [number, number] | undefined;
  readonly tiltsPath?: string | undefined;
  readonly multiplyByCtf?: boolean | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Particles in boxes of one size, protein bright; `await using` it. */
export interface OpenedParticles extends Pick<SubtomogramReader, "list" | "weights" | "warnings">, AsyncDisposable {
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  readonly contrast: ListContrast;
  /** Of the rows that were asked for those of which more than half of the box lies outside of the tomogram: they cannot be read. */
  readonly outside: ReadonlySet<number>;
  /** @throws FileError, FormatError that name the particle. */
  read(row: number): Promise<ParticleSubtomogram>;
}

/** Boxes are this many diameters wide: what a box cuts off from a neighbour it does not take for the particle. */
const EDGE_DIAMETERS = 1.6;
/** To learn the voxel size of a tomogram, a box of this edge is cut. */
const PROBE_EDGE = 16;
/** Boxes whose contrast is looked at. */
const SAMPLED = 48;

/**
 * Opens a list. The first particle's box says what edge and voxel size all are brought to, unless they are given.
 * @throws FileError, FormatError, ConfigError as `openSubtomograms`.
 */
export async function openParticles(path: string, options: OpenParticlesOptions): Promise<OpenedParticles> {
  const { boxSize, boxVoxelSizeAngstrom, voxelSizeAngstrom: fileVoxelSizeAngstrom } = options;
  const { tomogramPath, tiltRangeDegrees, tiltsPath, multiplyByCtf, onProgress, signal } = options;
  const reading = {
    ...{ tomogramPath, tiltRangeDegrees, tiltsPath, multiplyByCtf, fileVoxelSizeAngstrom, onProgress, signal },
    ...{ voxelSizeAngstrom: boxVoxelSizeAngstrom, edge: boxSize },
  };
  const size = await sizeOfBoxes(path, reading, options);
  const reader = await openSubtomograms(path, { ...reading, ...size });
  try {
    const { edge, voxelSizeAngstrom } = size;
    const rows = options.rowsOf?.(reader.list) ?? [...reader.list.particles.keys()];
    const outside = await rowsOutside(reader, rows, signal);
    const inside = rows.filter((row) => !outside.has(row));
    const sampled = await sample(reader, inside, edge, options.inverted === undefined ? SAMPLED : 0, signal);
    const { particles: contrast } = contrastOfLists(sampled, undefined, { ...options, edge });
    return {
      ...{ list: reader.list, weights: reader.weights, warnings: reader.warnings },
      ...{ edge, voxelSizeAngstrom, contrast, outside },
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
      async read(row) {
        const particle = await reader.read(row);
        if (contrast.isDark(reader.list.particles[row]!)) {
          const { spectrum } = particle.subtomogram;
          for (let i = 0; i < spectrum.length; i++) spectrum[i] = -spectrum[i]!;
        }
        return particle;
      },
    };
  } catch (error) {
    await reader[Symbol.asyncDispose]();
    throw error;
  }
}

type Reading = NonNullable<Parameters<typeof openSubtomograms>[1]>;

async function sizeOfBoxes(path: string, reading: Reading, { diameterOf, rowsOf }: OpenParticlesOptions) {
  await using probe = await openSubtomograms(path, reading);
  const { list } = probe;
  const diameterAngstrom = diameterOf?.(list);
  const rows = rowsOf?.(list) ?? [...list.particles.keys()];
  const isCut = list.particles[rows[0] ?? 0]?.imageName === undefined;
  if (reading.edge !== undefined || !isCut || diameterAngstrom === undefined) {
    const { subtomogram, voxelSizeAngstrom } = await probe.read(await firstInside(probe, rows));
    return { edge: subtomogram.edge, voxelSizeAngstrom };
  }
  await using cutting = await openSubtomograms(path, { ...reading, list, edge: PROBE_EDGE });
  const { voxelSizeAngstrom } = await cutting.read(await firstInside(cutting, rows));
  return { edge: 2 * Math.ceil((EDGE_DIAMETERS * diameterAngstrom) / voxelSizeAngstrom / 2), voxelSizeAngstrom };
}

/** The first of the rows that can be read; where none can, the first of all, so that reading it says why. */
async function firstInside(reader: SubtomogramReader, rows: readonly number[]): Promise<number> {
  for (const row of rows) if (!(await reader.isOutside(row))) return row;
  return rows[0] ?? 0;
}

async function rowsOutside(
  reader: SubtomogramReader,
  rows: readonly number[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<number>> {
  const outside = new Set<number>();
  for (const row of rows) {
    if (await reader.isOutside(row)) outside.add(row);
    await breathe(signal);
  }
  return outside;
}

/** Some boxes evenly over the rows, each zero mean and unit variance, as they are in the files. */
async function sample(
  { path, list, read }: SubtomogramReader,
  rows: readonly number[],
  edge: number,
  most: number,
  signal: AbortSignal | undefined,
): Promise<ListBoxes> {
  const count = Math.min(rows.length, most);
  const volumes = new Float32Array(count * edge ** 3);
  const transform = createSpectrumBox(edge);
  for (let i = 0; i < count; i++) {
    const { subtomogram } = await read(rows[Math.floor((i * rows.length) / count)]!);
    const box = transform.boxOf(subtomogram.spectrum);
    normaliseInPlace(box);
    volumes.set(box, i * edge ** 3);
    await breathe(signal);
  }
  return { path, particles: list.particles, volumes };
}
