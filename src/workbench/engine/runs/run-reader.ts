/** What the files of a run that is done hold, read once. */
import { join } from "node:path";
import { readFileBytes, readJson, writeFileAtomic } from "../../../files/disk/index.js";
import { embeddingMap, nearestNeighbours, normaliseRows } from "../../../infer/index.js";
import { readNpy } from "../../../io/index.js";
import { breathe, DEFAULT_SEED } from "../../../progress.js";
import { createRandom } from "../../../volume/index.js";
import type { AverageResults, EmbeddingMap } from "../../protocol/index.js";
import { readAverages } from "./averages.js";
import { type ReadResults, readResults } from "./results.js";
import type { DoneRun } from "./run-file.js";
import { type ReadSegmentation, readSegmentation } from "./segmentation.js";

export interface RunReader {
  /** @throws FileError, FormatError when its files have been removed or changed. */
  results(run: DoneRun): Promise<ReadResults>;
  embeddingMap(run: DoneRun): Promise<EmbeddingMap>;
  segmentation(run: DoneRun): Promise<ReadSegmentation>;
  averages(run: DoneRun): Promise<AverageResults>;
}

/** People look at one run, and compare it with another. */
const RUNS_IN_MEMORY = 2;

export function createRunReader(): RunReader {
  const results = keptFor(readResults);
  const maps = keptFor(async (run: DoneRun) => mapOf(run, (await results(run)).rows));
  return { results, embeddingMap: maps, segmentation: keptFor(readSegmentation), averages: keptFor(readAverages) };
}

/** What `read` gives for a run, for the last runs that were asked for. */
function keptFor<Result>(read: (run: DoneRun) => Promise<Result>): (run: DoneRun) => Promise<Result> {
  const kept = new Map<string, Promise<Result>>();
  return (run) => {
    const { id } = run.record;
    const known = kept.get(id);
    if (known) return known;
    const reading = read(run);
    kept.set(id, reading);
    reading.catch(() => kept.delete(id)); // the file may be there the next time
    for (const oldest of kept.keys()) if (kept.size > RUNS_IN_MEMORY) kept.delete(oldest);
    return reading;
  };
}

const NEIGHBOURS = 15;

/** Made once; the file beside the results keeps it. */
async function mapOf({ folder, record }: DoneRun, rows: readonly number[]): Promise<EmbeddingMap> {
  const path = join(folder, "map.json");
  const kept = await readJson(path);
  if (Array.isArray(kept) && kept.length === 2 * rows.length) return { positions: Float32Array.from(kept) };
  const embeddingsPath = join(folder, "embeddings.npy");
  const { data, shape } = readNpy(await readFileBytes(embeddingsPath), { name: embeddingsPath });
  const [, size = 0] = shape;
  const points = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) points.set(data.subarray(row * size, (row + 1) * size), i * size);
  normaliseRows(points, size);
  const nearest = nearestNeighbours(points, size, { neighbours: NEIGHBOURS });
  await breathe(undefined);
  const { request } = record;
  const seed = request.kind === "pick" ? request.seed : undefined;
  const random = createRandom(seed ?? DEFAULT_SEED).fork("map");
  const positions = Float32Array.from(await embeddingMap(nearest, { random }));
  await writeFileAtomic(path, JSON.stringify([...positions]));
  return { positions };
}
