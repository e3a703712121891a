import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ConfigError, FileError } from "../../errors.js";
import { createRegionReader, openTomogramGrid } from "../../files/tomogram/index.js";
import { SPECTRUM_LENGTH, type TileDetector } from "../../infer/index.js";
import { writeMrc } from "../../io/index.js";
import { createRandom, createVolume, type Shape3 } from "../../volume/index.js";
import { chooseCandidates } from "./candidates.js";
import { detectPeaks } from "./detect.js";
import { embedCandidates, type KnownBoxes } from "./embed.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-pick-grid-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const shape: Shape3 = [20, 24, 28];
const random = createRandom("grid");
const data = Float32Array.from({ length: 20 * 24 * 28 }, () => Math.round(100 * random.normal()));

async function file(name: string, voxelSizeAngstrom: number, mode: 1 | 2 = 1): Promise<string> {
  const path = join(folder, name);
  const bytes = writeMrc(createVolume(shape, voxelSizeAngstrom, data), { mode });
  await writeFile(path, name.endsWith(".gz") ? gzipSync(bytes) : bytes);
  return path;
}

test("regions are the file's voxels, scaled, and nothing beyond it", async () => {
  for (const name of ["plain.mrc", "packed.mrc.gz"]) {
    const grid = await openTomogramGrid(await file(name, 10), { voxelSizeAngstrom: 10, workFolder: folder });
    const read = createRegionReader(grid, { mean: 5, scale: -0.5 });
    for (const corner of [
      [-3, 10, 20],
      [4, 4, 4],
      [4, 4, 12],
      [17, 21, 25],
      [30, 0, 0],
    ] as const) {
      const region = await read(corner, [8, 8, 8]);
      region.forEach((value, at) => {
        const [z, y, x] = [corner[0] + (at >> 6), corner[1] + ((at >> 3) & 7), corner[2] + (at & 7)];
        const inside = z >= 0 && z < 20 && y >= 0 && y < 24 && x >= 0 && x < 28;
        expect(value).toBeCloseTo(inside ? -0.5 * (data[(z * 24 + y) * 28 + x]! - 5) : 0, 4);
      });
    }
    expect(grid.sizeAngstrom).toEqual({ x: 280, y: 240, z: 200 });
    await grid[Symbol.asyncDispose]();
  }
});

test("other voxel sizes are resampled once, with the first voxel where it was", async () => {
  const path = await file("fine.mrc", 5, 2);
  const opening = { voxelSizeAngstrom: 10, workFolder: join(folder, "fine") };
  const stages: string[] = [];
  const onProgress = ({ stage }: { stage: string }) => stages.push(stage);
  const grid = await openTomogramGrid(path, { ...opening, onProgress });
  expect(grid.shape).toEqual([10, 12, 14]);
  expect(grid.voxelSizeAngstrom).toBe(10);
  expect(grid.sizeAngstrom).toEqual({ x: 140, y: 120, z: 100 });
  const first = await grid.read([3, 0, 0], [1, 12, 14]);
  await grid[Symbol.asyncDispose]();
  expect(stages.length).toBeGreaterThan(0);
  stages.length = 0;
  const again = await openTomogramGrid(path, { ...opening, onProgress });
  expect(await again.read([3, 0, 0], [1, 12, 14])).toEqual(first);
  expect(stages).toEqual([]);
  await again[Symbol.asyncDispose]();
});

test("a resampling that was stopped goes on after the last whole section", async () => {
  const path = await file("stopped.mrc", 5);
  const opening = { voxelSizeAngstrom: 10, workFolder: join(folder, "stopped") };
  const whole = await openTomogramGrid(path, { voxelSizeAngstrom: 10, workFolder: join(folder, "unstopped") });
  const expected = await readFile(join(folder, "unstopped", "resampled-10.f32"));
  await whole[Symbol.asyncDispose]();
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done === 4) controller.abort();
  };
  await expect(openTomogramGrid(path, { ...opening, onProgress, signal: controller.signal })).rejects.toThrow();
  const part = join(opening.workFolder, "resampled-10.f32.part");
  expect((await readFile(part)).byteLength).toBe(4 * 4 * 12 * 14);
  await writeFile(part, new Uint8Array(500), { flag: "a" }); // a section that was being written
  const steps: number[] = [];
  const grid = await openTomogramGrid(path, { ...opening, onProgress: ({ done }) => steps.push(done) });
  await grid[Symbol.asyncDispose]();
  expect(steps).toEqual([5, 6, 7, 8, 9, 10]);
  expect((await readFile(join(opening.workFolder, "resampled-10.f32"))).equals(expected)).toBe(true);
});

test("a voxel size that nobody states, or that cannot be, is said", async () => {
  const path = await file("unknown.mrc", 0.0001);
  await expect(openTomogramGrid(path, { voxelSizeAngstrom: 10, workFolder: folder })).rejects.toThrow(ConfigError);
  const tiny = openTomogramGrid(path, { voxelSizeAngstrom: 10, fileVoxelSizeAngstrom: 1, workFolder: folder });
  await expect(tiny).rejects.toThrow(/only 2 x 3 x 3 voxels of 10 Å/);
  const missing = openTomogramGrid(join(folder, "none.mrc"), { voxelSizeAngstrom: 10, workFolder: folder });
  await expect(missing).rejects.toThrow(FileError);
});

/** Calls every voxel above 200 a centre; counts how often it is asked, and gives up when told. */
function countingDetector(stopAfter = Number.POSITIVE_INFINITY): TileDetector & { calls: number } {
  const detector = {
    ...{ edge: 16, haloVoxels: 4, strideVoxels: 2, cellVoxels: 1, voxelSizeAngstrom: 10, calls: 0 },
    async detect(volume: Float32Array) {
      if (detector.calls === stopAfter) throw new Error("killed");
      detector.calls++;
      return {
        centre: volume.map((value) => (value > 200 ? Math.min(1, value / 500) : 0)),
        radiusVoxels: volume.map(() => 1),
      };
    },
    release: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return detector;
}

test("a search that was killed goes on after the last finished tile", async () => {
  const grid = await openTomogramGrid(await file("resume.mrc", 10), { voxelSizeAngstrom: 10, workFolder: folder });
  const options = { scale: { mean: 0, scale: 1 }, minimumScore: 0.1, stage: "searching" };
  const whole = await detectPeaks(grid, countingDetector(), { ...options, notesPath: join(folder, "whole.jsonl") });
  expect(whole.tiles).toBe(3 * 3 * 4);
  expect(whole.peaks.length).toBeGreaterThan(50);
  const notesPath = join(folder, "killed.jsonl");
  await expect(detectPeaks(grid, countingDetector(11), { ...options, notesPath })).rejects.toThrow("killed");
  await writeFile(notesPath, '{"tile":11,"peaks":[1,2', { flag: "a" }); // the line that was being written
  const rest = countingDetector();
  const resumed = await detectPeaks(grid, rest, { ...options, notesPath });
  expect(resumed.resumedTiles).toBe(11);
  expect(rest.calls).toBe(whole.tiles - 11);
  expect(resumed.peaks).toEqual(whole.peaks);
  const third = countingDetector();
  expect((await detectPeaks(grid, third, { ...options, notesPath })).peaks).toEqual(whole.peaks);
  expect(third.calls).toBe(0);
  await grid[Symbol.asyncDispose]();
});

test("what has been found is told while tiles are still to come, and no more often than people see", async () => {
  await using grid = await openTomogramGrid(await file("told.mrc", 10), { voxelSizeAngstrom: 10, workFolder: folder });
  const told: number[] = [];
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const whole = await detectPeaks(grid, countingDetector(), {
    ...{ scale: { mean: 0, scale: 1 }, minimumScore: 0.1, stage: "searching" },
    notesPath: join(folder, "told.jsonl"),
    onProgress: () => (now += 100),
    onPeaks: (peaks) => told.push(peaks.length),
  });
  vi.restoreAllMocks();
  expect(told).toHaveLength(Math.floor(whole.tiles / 5));
  expect(told.every((count, i) => count >= (told[i - 1] ?? 1))).toBe(true);
  expect(told[0]!).toBeLessThan(whole.peaks.length);
});

test("embedding goes on after the last whole record", async () => {
  const grid = await openTomogramGrid(await file("boxes.mrc", 10), { voxelSizeAngstrom: 10, workFolder: folder });
  let [calls, boxes] = [0, 0];
  const embedder = {
    description: { edge: 8, embeddingSize: 3 },
    async embed(volumes: Float32Array) {
      calls++;
      const count = volumes.length / 512;
      boxes += count;
      const embeddings = Float32Array.from(
        { length: 3 * count },
        (_, i) => volumes[Math.floor(i / 3) * 512 + (i % 3)]!,
      );
      return { embeddings, size: 3, masks: volumes.map((value) => (value > 0 ? 1 : 0)) };
    },
  } as never;
  const positions = Array.from({ length: 140 }, (_, i) => ({ x: 1.5 * i, y: i, z: i / 2 }));
  const notesPath = join(folder, "boxes.f32");
  const options = { scale: { mean: 0, scale: 1 }, testTimeAveraging: false, notesPath, stage: "embedding" };
  const whole = await embedCandidates(grid, positions, embedder, options);
  expect(calls).toBe(3);
  const bytes = 4 * (3 + 5 + SPECTRUM_LENGTH);
  const { readFile } = await import("node:fs/promises");
  await writeFile(notesPath, (await readFile(notesPath)).subarray(0, 64 * bytes + 7)); // killed within the second batch
  const resumed = await embedCandidates(grid, positions, embedder, options);
  expect(resumed.resumed).toBe(64);
  expect(calls).toBe(5);
  expect(resumed.embedded).toEqual(whole.embedded);
  expect(resumed.shapes).toEqual(whole.shapes);
  // What is known is not computed again, however it is mixed with what is not.
  const spread = Array.from({ length: 70 }, (_, i) => ({
    x: 10 * (i % 10),
    y: 10 * Math.floor(i / 10),
    z: 10 * (i % 3),
  }));
  const known: KnownBoxes = new Map();
  const embed = (name: string, some: typeof spread, more: { readonly known?: KnownBoxes } = {}) =>
    embedCandidates(grid, some, embedder, { ...options, notesPath: join(folder, `${name}.f32`), ...more });
  await embed(
    "fewer",
    spread.filter(({ z }) => z === 0),
    { known },
  );
  boxes = 0;
  const mixed = await embed("mixed", spread, { known });
  expect([boxes, known.size]).toEqual([46, 70]);
  const anew = await embed("anew", spread);
  expect(mixed.embedded).toEqual(anew.embedded);
  expect(mixed.shapes).toEqual(anew.shapes);
  await grid[Symbol.asyncDispose]();
});

test("border, mask and gold leave candidates out, and it is counted", async () => {
  const edge = 40;
  const volume = createVolume([edge, edge, edge], 10);
  const noise = createRandom("gold");
  volume.data.forEach((_, i) => {
    volume.data[i] = noise.normal();
  });
  volume.data[(20 * edge + 20) * edge + 30] = 60;
  const path = join(folder, "gold.mrc");
  await writeFile(path, writeMrc(volume));
  const half = createVolume([edge, edge, edge], 1); // masks often have no voxel size
  half.data.fill(1, 0, half.data.length / 2); // z below 20
  const maskPath = join(folder, "half.mrc");
  await writeFile(maskPath, writeMrc(half));
  const grid = await openTomogramGrid(path, { voxelSizeAngstrom: 10, workFolder: folder });
  const peak = (x: number, y: number, z: number, score = 0.9) => ({
    positionVoxels: { x, y, z },
    score,
    radiusVoxels: 4,
  });
  const peaks = [
    peak(10, 10, 10),
    peak(12, 10, 10, 0.8),
    peak(30, 20, 20),
    peak(20, 20, 30),
    peak(2, 20, 10),
    peak(20, 20, 18, 0.2),
  ];
  const options = {
    scale: { mean: 0, scale: 1 },
    minimumScore: 0.5,
    spacing: 0.6,
    borderAngstrom: 0,
    excludeGold: false,
    workFolder: folder,
  };
  const all = await chooseCandidates(peaks, grid, options);
  expect(all.candidates).toHaveLength(4);
  expect(all.excluded).toEqual({ neighbours: 1, border: 0, mask: 0, gold: 0 });
  const strict = await chooseCandidates(peaks, grid, { ...options, borderAngstrom: 50, excludeGold: true, maskPath });
  expect(strict.candidates.map(({ positionAngstrom }) => positionAngstrom)).toEqual([{ x: 100, y: 100, z: 100 }]);
  expect(strict.excluded).toEqual({ neighbours: 1, border: 1, mask: 2, gold: 0 });
  const many = [...peaks, ...Array.from({ length: 9 }, (_, i) => peak(4 + 4 * i, 34, 6))];
  const withoutGold = await chooseCandidates(many, grid, { ...options, spacing: 0.4, excludeGold: true });
  expect(withoutGold.excluded.gold).toBe(1);
  await grid[Symbol.asyncDispose]();
});
