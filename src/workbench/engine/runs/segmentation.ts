/** What a run of `segment` left. */
import { join } from "node:path";
import { countText } from "../../../count-text.js";
import { ConfigError } from "../../../errors.js";
import { readFileBytes, readJson } from "../../../files/disk/index.js";
import { positionsFromFirstVoxel, readParticles, readPly } from "../../../io/index.js";
import { median, type Vector3 } from "../../../volume/index.js";
import { isSameCandidate, type SegmentationResults, type Surface, type VoxelPosition } from "../../protocol/index.js";
import type { RunTomogram } from "./example-lists.js";
import { segmentFolder } from "./kinds/jobs.js";
import { sizeAngstrom } from "./results.js";
import type { DoneRun } from "./run-file.js";

export interface ReadSegmentation {
  readonly results: SegmentationResults;
  /** Of the pick at a position. @throws ConfigError where there is none; FileError. */
  surface(tomogramId: string, position: VoxelPosition): Promise<Surface>;
}

/** A particle of segmented.star. */
interface Segmented {
  readonly className: string;
  readonly diameterAngstrom: number;
  readonly volumeCubicAngstrom: number;
  /** In voxels of the tomogram's file. */
  readonly position: VoxelPosition;
  /** From 1, by which its files are called. */
  readonly number: number;
}

interface SegmentedTomogram {
  readonly tomogram: RunTomogram;
  readonly folder: string;
  readonly particles: readonly Segmented[];
}

/** @throws FileError, FormatError when the run's files have been removed or changed. */
export async function readSegmentation(run: DoneRun): Promise<ReadSegmentation> {
  const read: SegmentedTomogram[] = [];
  const doubts: string[] = [];
  for (const tomogramId of run.job.kind === "segment" ? run.job.parts.map((part) => part.tomogramId) : []) {
    const tomogram = run.tomograms.find(({ id }) => id === tomogramId)!; // a part is of one of them
    const folder = segmentFolder(run.folder, tomogramId);
    read.push({ tomogram, folder, particles: await readSegmented(join(folder, "segmented.star"), tomogram) });
    for (const doubt of await readDoubts(join(folder, "segment.json"))) doubts.push(doubt);
  }
  return {
    results: {
      runId: run.record.id,
      classes: classesOf(
        run,
        read.flatMap(({ particles }) => particles),
      ),
      doubts,
    },
    async surface(tomogramId, position) {
      const found = read.find(({ tomogram }) => tomogram.id === tomogramId);
      const particle = found?.particles.find((one) => isSameCandidate(one.position, position));
      if (!found || !particle) throw new ConfigError("there is no surface of a pick here");
      const name = `particle-${String(particle.number).padStart(6, "0")}.ply`;
      const path = join(found.folder, "surfaces", "particles", name);
      const { positions, triangles } = readPly(await readFileBytes(path), { name: path });
      const { takenVoxelSizeAngstrom } = found.tomogram;
      return { positions: positions.map((value) => value / takenVoxelSizeAngstrom), indices: triangles };
    },
  };
}

async function readSegmented(path: string, tomogram: RunTomogram): Promise<Segmented[]> {
  const list = readParticles(new TextDecoder().decode(await readFileBytes(path)), { name: path });
  const positions = positionsFromFirstVoxel(list, { tomogramSizeAngstrom: sizeAngstrom(tomogram) });
  return list.particles.map(({ className = "", extra }, index) => ({
    ...{ className, position: inVoxels(positions[index]!, tomogram) },
    diameterAngstrom: Number(extra.cosnetDiameterAngst),
    volumeCubicAngstrom: Number(extra.cosnetVolumeCubicAngst),
    number: Number(extra.cosnetParticleNumber),
  }));
}

function inVoxels({ x, y, z }: Vector3, { takenVoxelSizeAngstrom: voxel }: RunTomogram): VoxelPosition {
  return { x: x / voxel, y: y / voxel, z: z / voxel };
}

async function readDoubts(path: string): Promise<string[]> {
  // Our own file, written whole.
  const { doubts = {} } = ((await readJson(path)) ?? {}) as { readonly doubts?: Readonly<Record<string, number>> };
  return Object.entries(doubts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${countText(count, "particle")} ${what}.`);
}

function classesOf({ classes }: DoneRun, particles: readonly Segmented[]): SegmentationResults["classes"] {
  return classes.flatMap(({ id, name }) => {
    const own = particles.filter(({ className }) => className === name);
    if (own.length === 0) return [];
    const filled = own.filter(({ volumeCubicAngstrom }) => volumeCubicAngstrom > 0);
    const diameters = filled.map(({ diameterAngstrom }) => diameterAngstrom).sort((a, b) => a - b);
    const quantile = (part: number) => diameters[Math.floor(part * diameters.length)] ?? Number.NaN;
    return [
      {
        ...{ classId: id, name, particles: own.length },
        medianDiameterAngstrom: diameters.length > 0 ? median(diameters) : Number.NaN,
        quartileDiametersAngstrom: [quantile(0.25), quantile(0.75)] as const,
        medianVolumeCubicAngstrom:
          filled.length > 0 ? median(filled.map(({ volumeCubicAngstrom }) => volumeCubicAngstrom)) : Number.NaN,
      },
    ];
  });
}
