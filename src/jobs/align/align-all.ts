import { join } from "node:path";
import { FormatError } from "../../errors.js";
import { openWorkNotes, workFolderFor } from "../../files/disk/index.js";
import type { SubtomogramReader } from "../../files/particles/index.js";
import type { ScoredPose } from "../../infer/index.js";
import { breathe } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import type { BoxGrid } from "../subtomograms/index.js";
import type { EngineSetup } from "./engine.js";
import type { AlignSettings } from "./options.js";
import { createAlignPool } from "./pool.js";

/** A particle's pose in its box, and where that box is. */
export interface AlignedRow extends ScoredPose {
  readonly index: number;
  readonly confidence: number;
  readonly alternatives: readonly ScoredPose[];
  readonly voxelSizeAngstrom: number;
  readonly centreAngstrom: Vector3 | undefined;
}

const STAGE = "aligning particles";

/**
 * Aligns every particle of a list, each noted as soon as it is done, so that a run that was stopped continues. In the order of the
 * list. @throws ModelError, AbortError; what reading throws.
 */
export async function alignAll(
  reader: SubtomogramReader,
  setup: EngineSetup,
  { particlesPath, workFolder, threads, onProgress, signal }: AlignSettings,
  identity: object,
): Promise<{ readonly rows: AlignedRow[]; readonly resumed: number }> {
  const total = reader.list.particles.length;
  const rows = new Array<AlignedRow | undefined>(total);
  await using notes = await openWorkNotes(
    join(await workFolderFor(workFolder, particlesPath, identity), "poses.jsonl"),
    "line",
  );
  for (const line of new TextDecoder().decode(await notes.read()).split("\n")) {
    if (line === "") continue;
    const row = JSON.parse(line) as AlignedRow;
    rows[row.index] = { ...row, centreAngstrom: row.centreAngstrom }; // JSON leaves out what is undefined
  }
  const resumed = rows.filter(Boolean).length;
  const left = [...rows.keys()].filter((index) => rows[index] === undefined);
  await using pool = await createAlignPool(setup, Math.min(threads, Math.max(1, left.length)));
  let [next, done] = [0, resumed];
  await Promise.all(
    pool.engines.map(async (engine) => {
      for (let index = left[next++]; index !== undefined; index = left[next++]) {
        onProgress?.({ stage: STAGE, done, total });
        await breathe(signal);
        const { subtomogram, voxelSizeAngstrom, centreAngstrom } = await reader.read(index);
        checkGrid(setup, { edge: subtomogram.edge, voxelSizeAngstrom }, `${reader.path}, particle ${index + 1}`);
        const alignment = await engine.align(subtomogram);
        const row: AlignedRow = { index, ...alignment, voxelSizeAngstrom, centreAngstrom };
        rows[index] = row;
        await notes.append(`${JSON.stringify(row)}\n`);
        done++;
      }
    }),
  );
  onProgress?.({ stage: STAGE, done: total, total });
  return { rows: rows.filter((row) => row !== undefined), resumed };
}

/** @throws FormatError for a box unlike the first. */
function checkGrid({ aligner }: EngineSetup, { edge, voxelSizeAngstrom }: BoxGrid, where: string): void {
  if (edge === aligner.edge && Math.abs(voxelSizeAngstrom / aligner.voxelSizeAngstrom - 1) < 1e-3) return;
  throw new FormatError(
    `its box has ${edge}^3 voxels of ${voxelSizeAngstrom} Å, the first particle's ${aligner.edge}^3 of ${aligner.voxelSizeAngstrom} Å`,
    where,
    { hint: "Give one edge for all with --box-size, and align lists of different voxel sizes one by one." },
  );
}
