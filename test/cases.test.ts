/** Lists that went wrong once, by the files of ../shared/cases; its volumes are tried in src/io/volumes/zarr/foreign.test.ts. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ReadParticleListFileOptions, readParticleListFile } from "../src/files/particles/index.js";

const CASES = join(import.meta.dirname, "../../shared/cases");
const tenAngstrom = { voxelSizeAngstrom: 10 };
const sized = { tomogramVoxelSizeAngstrom: 10, sizeAngstrom: { x: 1000, y: 1000, z: 1000 } };

describe.skipIf(!existsSync(CASES))("lists of the field (skipped when ../shared/cases is absent)", () => {
  const read = async (file: string, options: ReadParticleListFileOptions) =>
    (await readParticleListFile(join(CASES, file), options)).list;

  test.each<[string, ReadParticleListFileOptions, readonly number[]]>([
    ["coords-class-first.coords", tenAngstrom, [2300, 4100, 870]],
    ["warp-normalised.star", sized, [504.9, 247.5, 742.5]],
    ["imod-pixel-size-2x.mod", { tomogramVoxelSizeAngstrom: 10 }, [200, 400, 600]],
    ["polnet-motif-list.csv", tenAngstrom, [1000, 2000, 500]],
    ["relion31-rescaled.star", {}, [1000, 2000, 500]],
    ["star-detector-pixel-size.star", {}, [625.1, 744.8, 133]],
    ["m-wrp-columns.star", {}, [1000, 2000, 500]],
  ])("%s: the first position in Å", async (file, options, expected) => {
    const { x, y, z } = (await read(file, options)).particles[0]!.positionAngstrom!;
    for (const [index, value] of [x, y, z].entries()) expect(value).toBeCloseTo(expected[index]!, 3);
  });

  test.each<[string, ReadParticleListFileOptions, RegExp]>([
    ["star-short-row.star", { voxelSizeAngstrom: 1 }, /line 12: .*8 labels, but this row has 7 values/],
    ["tomograms-particles.star", { tomograms: join(CASES, "tomograms-negative-size.star") }, /TS_1.*-999/],
  ])("%s is refused", async (file, options, message) => {
    await expect(read(file, options)).rejects.toThrow(message);
  });

  test("what is not a number is left out, with a warning", async () => {
    const { particles, warnings } = await read("dynamo-nan-coordinate.tbl", tenAngstrom);
    expect(warnings).not.toEqual([]);
    for (const { positionAngstrom, score } of particles)
      expect([...Object.values(positionAngstrom!), score ?? 0].every(Number.isFinite)).toBe(true);
    expect((await read("dynamo-complex-number.tbl", tenAngstrom)).particles.length).toBeGreaterThan(0);
  });

  test("classes, points and pixel sizes are found", async () => {
    expect((await read("coords-class-first.coords", tenAngstrom)).particles[0]).toMatchObject({ classNumber: 1 });
    expect((await read("portal-orientedpoint.ndjson", tenAngstrom)).particles[0]!.orientation).toBeDefined();
    expect((await read("star-merged-optics.star", {})).coordinatePixelSizeAngstrom).toBeCloseTo(6.65, 6);
    expect((await read("star-leading-text.star", tenAngstrom)).particles.length).toBeGreaterThan(0);
  });
});
