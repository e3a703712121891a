import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { resolutionAt } from "../../evaluate/index.js";
import { openKeptStates, openRowFile } from "../../files/disk/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import {
  type Average,
  type AveragedParticle,
  type AveragingProgress,
  type AveragingReport,
  type AveragingState,
  automaticMask,
  averageWithoutReference,
  type KnownStart,
  sphereMask,
} from "../../infer/index.js";
import type { AlignedBox } from "../../io/index.js";
import type { OpenedParticles } from "../subtomograms/index.js";
import type { ClassRows } from "./classes.js";
import type { AverageSettings } from "./options.js";

/** A particle in an average: how the average lies in its box, and where its box is. */
export interface Member {
  /** Row of the list, from 0. */
  readonly row: number;
  readonly particle: AveragedParticle;
  readonly box: AlignedBox;
}

/** An average of particles of a class. */
export interface ClassAverage {
  /** The class, and which of its averages where it was split. */
  readonly name: string;
  readonly average: Average;
  /** `[edge, edge, edge]`: around what stands out of it. */
  readonly mask: Float32Array;
  readonly members: readonly Member[];
  /** Undefined where the particles do not confirm it. */
  readonly resolutionAngstrom: number | undefined;
}

/** What came of a class. */
export interface AveragedClassRows {
  readonly rows: ClassRows;
  readonly diameterAngstrom: number;
  /** The largest first. */
  readonly averages: readonly ClassAverage[];
  /** Rows of the list that noise explains as well as any average does. */
  readonly setAside: readonly number[];
  /** Every iteration of the search, and every round of refinement. */
  readonly reports: readonly AveragingReport[];
}

interface KeptState {
  readonly state: AveragingState;
  readonly reports: readonly AveragingReport[];
}

/** Goes up where a state would go on to something else than it did. */
const KEPT_FORMAT = 2;

const STEPS = {
  reading: "reading particles",
  beginning: "trying what to begin from",
  searching: "searching for poses",
  refining: "refining poses",
  summing: "adding up particles",
} as const satisfies Record<AveragingProgress["step"], string>;

const PARTS = { together: "", first: ", half 1 of 2", second: ", half 2 of 2" } as const;

const BALL_FADE_VOXELS = 3;

/** Of the box, where neither the user nor the list says how large the particles are. */
const DIAMETER_OF_BOX = 0.6;

/** The diameter that a class is averaged with, and who says so. */
export function diameterOf(
  { diameterAngstrom: listed }: ClassRows,
  { edge, voxelSizeAngstrom }: Pick<OpenedParticles, "edge" | "voxelSizeAngstrom">,
  { particleDiameterAngstrom: given }: AverageSettings,
): { readonly diameterAngstrom: number; readonly isAssumed: boolean } {
  const boxAngstrom = edge * voxelSizeAngstrom;
  const known = given ?? (listed === undefined ? undefined : Math.min(listed, boxAngstrom));
  return { diameterAngstrom: known ?? DIAMETER_OF_BOX * boxAngstrom, isAssumed: known === undefined };
}

/** @throws FileError, FormatError as reading does; ConfigError where the particle is larger than its box; ModelError, AbortError. */
export async function averageClass(
  particles: OpenedParticles,
  rows: ClassRows,
  {
    settings,
    workFolder,
    start,
  }: {
    readonly settings: AverageSettings;
    /** Where a run that is stopped leaves how far it has come, for a run of the same particles and settings alone. */
    readonly workFolder: string;
    /** What its average begins from; undefined: from its particles. */
    readonly start: readonly KnownStart[] | undefined;
  },
): Promise<AveragedClassRows> {
  const { name } = rows;
  const { references, symmetry, threads, seed, maximumResolutionAngstrom, largestShiftAngstrom, onProgress, signal } =
    settings;
  const { edge, voxelSizeAngstrom } = particles;
  const { diameterAngstrom } = diameterOf(rows, particles, settings);
  const boxes = new Map<number, AlignedBox>();
  const states = await openKeptStates(workFolder, { format: KEPT_FORMAT });
  const kept = await states.load<KeptState>("poses");
  const reports = [...(kept?.reports ?? [])];
  await using band = await openRowFile(join(workFolder, "band.rows"));
  const found = await averageWithoutReference(
    nodeRuntime,
    {
      ...{ count: rows.rows.length, edge, voxelSizeAngstrom },
      async read(index) {
        const { subtomogram, centreAngstrom } = await particles.read(rows.rows[index]!);
        boxes.set(index, { voxelSizeAngstrom, centreAngstrom });
        return subtomogram;
      },
    },
    {
      ...{ diameterAngstrom, references, symmetry, threads, seed: `${seed} ${name}`, start, signal },
      ...(maximumResolutionAngstrom !== undefined && { finestAngstrom: maximumResolutionAngstrom }),
      largestShiftVoxels: (largestShiftAngstrom ?? diameterAngstrom / 8) / voxelSizeAngstrom,
      openRows: band.rows,
      state: kept?.state,
      onProgress: ({ done, total, ...step }) => onProgress?.({ stage: stageOf(name, step), done, total }),
      onReport: (report) => void reports.push(report),
      onState: (state) => states.save("poses", { state, reports }),
    },
  );
  const members = found.particles.map(
    (particle, index): Member => ({ row: rows.rows[index]!, particle, box: boxes.get(index)! }),
  );
  const averages = found.averages.map(
    (average, index): ClassAverage => ({
      name: found.averages.length === 1 ? name : `${name} ${index + 1}`,
      average,
      mask: maskOf(average.volume, edge),
      members: members.filter(({ particle }) => particle.reference === index && !particle.isSetAside),
      resolutionAngstrom: average.isConfirmed
        ? resolutionAt(average.correlation.corrected, voxelSizeAngstrom, 0.143)?.resolutionAngstrom
        : undefined,
    }),
  );
  const setAside = members.filter(({ particle }) => particle.isSetAside).map(({ row }) => row);
  warnOf(averages, settings);
  return { rows, diameterAngstrom, averages, setAside, reports };
}

/** Around what stands out of the average; where nothing does, a ball. */
function maskOf(volume: Float32Array, edge: number): Float32Array {
  try {
    return automaticMask(volume, edge);
  } catch (error) {
    if (error instanceof ConfigError) return sphereMask(edge, edge / 2 - BALL_FADE_VOXELS, BALL_FADE_VOXELS);
    throw error;
  }
}

function warnOf(averages: readonly ClassAverage[], { symmetry, onWarning }: AverageSettings): void {
  for (const { name, average } of averages) {
    const { angular } = average;
    if (angular && angular.correlation < angular.least)
      onWarning?.(
        `${name}: its two halves agree only in what looks the same from all sides, as they would in any poses, so the particles do not confirm its average; more particles may, or poses from a reference (cosnet align)`,
      );
    else if (!average.isConfirmed)
      onWarning?.(
        `${name}: its two halves do not agree, so the particles do not confirm its average, which may be noise; more particles may, or poses from a reference (cosnet align)`,
      );
    const { pointGroup, isSeen, lost } = average.symmetry;
    if (lost)
      onWarning?.(
        `${name}: symmetry ${lost} showed at first, but its halves do not keep to it in their final poses, so it was not imposed`,
      );
    else if (symmetry !== "find" && symmetry !== pointGroup)
      onWarning?.(
        `${name}: symmetry ${symmetry} was not imposed, because its halves have nothing in common but what looks the same from all sides, and its axes could lie anywhere`,
      );
    else if (symmetry !== "find" && pointGroup !== "C1" && !isSeen)
      onWarning?.(
        `${name}: symmetry ${symmetry} was imposed because it was given; before it was, its halves did not show it, and they agree in what it makes of them whether or not it is right`,
      );
    else if (symmetry === "find" && average.isConfirmed && !isSeen)
      onWarning?.(
        `${name}: whether it has a symmetry cannot be told, because beside what looks the same from all sides its halves agree in too little; none was imposed`,
      );
  }
}

function stageOf(name: string, { step, part }: Pick<AveragingProgress, "step" | "part">): string {
  return `${name}: ${STEPS[step]}${part ? PARTS[part] : ""}`;
}
