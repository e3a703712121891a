/** One tomogram from file to embedded candidates. */
import { createHash } from "node:crypto";
import { mkdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileError } from "../../files/disk/index.js";
import { type GreyScale, openTomogramGrid, type TomogramGrid } from "../../files/tomogram/index.js";
import {
  type Adaptation,
  adaptedDetector,
  adaptedEmbedder,
  type Embedded,
  type Embedder,
  noAdaptation,
  type TileDetector,
} from "../../infer/index.js";
import type { Vector3 } from "../../volume/index.js";
import { type Candidate, chooseCandidates, type Excluded } from "./candidates.js";
import {
  type Contrast,
  contrastOf,
  greyScale,
  type TomogramGreys,
  tomogramAdaptation,
  tomogramGreys,
} from "./contrast.js";
import { detectPeaks } from "./detect.js";
import { type CandidateShape, embedCandidates } from "./embed.js";
import { type SearchOptions, searchDefaults } from "./options.js";

/** What was found in a tomogram, before anything has a class. The grid stays open; close it. */
export interface SearchedTomogram {
  readonly grid: TomogramGrid;
  readonly greys: TomogramGreys;
  readonly contrast: Contrast;
  readonly scale: GreyScale;
  readonly adaptation: Adaptation;
  readonly candidates: readonly Candidate[];
  readonly embedded: Embedded;
  readonly shapes: readonly CandidateShape[];
  readonly excluded: Excluded;
  readonly peaks: number;
  readonly tiles: number;
  readonly resumedTiles: number;
  readonly resumedCandidates: number;
  readonly seconds: Readonly<Record<"opening" | "detecting" | "choosing" | "embedding", number>>;
}

export interface SearchTools {
  readonly detector: TileDetector;
  readonly embedder: Embedder;
  /** What identifies detector and classifier: names and checksums. */
  readonly detectorLabel: string;
  readonly modelLabel: string;
  readonly minimumScore: number;
  /** Contrast by the examples, by the tomogram's real path. */
  readonly contrasts: ReadonlyMap<string, Contrast>;
  readonly workFolderOf: (tomogramPath: string) => Promise<string>;
  /** "2 of 5: " before a stage's name when there are several tomograms. */
  readonly prefix: string;
}

/** Box centres move by no more than this when they are cut again around the mask: further off is a neighbour's mask. */
const LARGEST_SHIFT_VOXELS = 3;

/** @throws FileError, FormatError, ConfigError, ModelError, AbortError. */
export async function searchTomogram(
  path: string,
  tools: SearchTools,
  options: SearchOptions,
): Promise<SearchedTomogram> {
  const { minimumScore, prefix } = tools;
  const { onProgress, signal, maskPath } = options;
  const report: typeof onProgress = (step) => onProgress?.({ ...step, stage: `${prefix}${step.stage}` });
  const progress = { onProgress: report, signal };
  const workFolder = await tools.workFolderOf(path);
  const clock = createClock();
  const grid = await openTomogramGrid(path, {
    voxelSizeAngstrom: tools.detector.voxelSizeAngstrom,
    fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
    workFolder,
    ...progress,
  });
  try {
    const greys = await tomogramGreys(grid, signal);
    const contrast = tools.contrasts.get(await realpath(path)) ?? contrastOf(options.inverted, greys, undefined);
    const scale = greyScale(greys, contrast);
    const adaptation =
      (options.adapt ?? searchDefaults.adapt) ? await tomogramAdaptation(grid, scale, signal) : noAdaptation;
    const detector = adaptedDetector(tools.detector, adaptation);
    const embedder = adaptedEmbedder(tools.embedder, adaptation);
    const opening = clock();
    const key = shortHash({ detector: tools.detectorLabel, minimumScore, scale, adaptation });
    const { peaks, tiles, resumedTiles } = await detectPeaks(grid, detector, {
      scale,
      minimumScore,
      notesPath: join(workFolder, `tiles-${key}.jsonl`),
      stage: "searching",
      ...progress,
    });
    const detecting = clock();
    const chosen = await chooseCandidates(peaks, grid, {
      scale,
      minimumScore,
      spacing: options.spacing ?? searchDefaults.spacing,
      borderAngstrom: options.borderAngstrom ?? searchDefaults.borderAngstrom,
      maskPath,
      excludeGold: options.excludeGold ?? searchDefaults.excludeGold,
      workFolder,
      ...progress,
    });
    const choosing = clock();
    const halfTurns = options.testTimeAveraging ?? searchDefaults.testTimeAveraging;
    const embed = (positions: readonly Vector3[], averaged: boolean, stage: string) =>
      embedCandidates(grid, positions, embedder, {
        scale,
        halfTurns: averaged,
        stage,
        notesPath: join(
          workFolder,
          `boxes-${shortHash({ model: tools.modelLabel, scale, adaptation, averaged, positions })}.f32`,
        ),
        ...progress,
      });
    let candidates = chosen.candidates;
    if (options.recentre ?? searchDefaults.recentre) {
      const first = await embed(positionsOf(candidates), false, "centring");
      candidates = candidates.map((candidate, i) =>
        shifted(candidate, first.shapes[i]!.offsetAngstrom, LARGEST_SHIFT_VOXELS * grid.voxelSizeAngstrom),
      );
    }
    const { embedded, shapes, resumed } = await embed(positionsOf(candidates), halfTurns, "embedding candidates");
    return {
      ...{ grid, greys, contrast, scale, adaptation, candidates, embedded, shapes, tiles, resumedTiles },
      excluded: chosen.excluded,
      peaks: peaks.length,
      resumedCandidates: resumed,
      seconds: { opening, detecting, choosing, embedding: clock() },
    };
  } catch (error) {
    await grid.close();
    throw error;
  }
}

function positionsOf(candidates: readonly Candidate[]): Vector3[] {
  return candidates.map(({ positionAngstrom }) => positionAngstrom);
}

/** The box was cut at a whole voxel near the position; the centroid is taken from the position all the same, half a voxel matters little. */
function shifted(candidate: Candidate, offset: Vector3, largest: number): Candidate {
  const { x, y, z } = candidate.positionAngstrom;
  const limited = (value: number) => Math.max(-largest, Math.min(largest, value));
  return {
    ...candidate,
    positionAngstrom: { x: x + limited(offset.x), y: y + limited(offset.y), z: z + limited(offset.z) },
  };
}

/** Seconds since it was last asked. */
function createClock(): () => number {
  let last = performance.now();
  return () => {
    const seconds = (performance.now() - last) / 1000;
    last = performance.now();
    return seconds;
  };
}

/** Twelve hexadecimal digits that depend on every part of a value. */
function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}

/** A folder for what belongs to one file in its present state, made if need be. @throws FileError */
export async function workFolderFor(
  root: string,
  path: string,
  {
    voxelSizeAngstrom,
    particleDiameterAngstrom,
  }: Pick<SearchOptions, "voxelSizeAngstrom" | "particleDiameterAngstrom">,
): Promise<string> {
  const state = await stat(path).catch((cause) => {
    throw fileError(path, "read", cause);
  });
  const file = { path: await realpath(path), size: state.size, changed: state.mtimeMs };
  const key = shortHash({ ...file, voxelSizeAngstrom, particleDiameterAngstrom });
  const folder = join(root, `${basename(path).slice(0, 60)}-${key}`);
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw fileError(folder, "written to", cause);
  });
  return folder;
}
