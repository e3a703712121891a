import { expect, test } from "vitest";
import type { ThumbnailRequest } from "../../protocol/index.js";
import { createThumbnailSource } from "./request-thumbnails.js";

/** An engine whose every voxel is the x of the position. */
function engineOfX() {
  const asked: number[] = [];
  return {
    asked,
    async thumbnails({ positions, edgeVoxels }: ThumbnailRequest) {
      asked.push(positions.length);
      const size = 3 * edgeVoxels ** 2;
      const values = new Float32Array(positions.length * size);
      for (const [index, { x }] of positions.entries()) values.fill(x, index * size, (index + 1) * size);
      return { edgeVoxels, values };
    },
  };
}

const wanted = (x: number) => ({ tomogramId: "t", position: { x, y: 0, z: 0 }, edgeVoxels: 3, thicknessVoxels: 1 });
const never = new AbortController().signal;

test("each gets its own picture, asked for together, and once", async () => {
  const engine = engineOfX();
  const source = createThumbnailSource(() => engine);
  const pictures = await Promise.all([1, 2, 3].map((x) => source.get(wanted(x), never)));
  expect(pictures.map((values) => [values.length, values[0]])).toEqual([
    [27, 1],
    [27, 2],
    [27, 3],
  ]);
  expect(await source.get(wanted(2), never)).toBe(source.kept(wanted(2)));
  expect(engine.asked).toEqual([3]);
});

test("what is out of sight before its turn is not asked for", async () => {
  const engine = engineOfX();
  const source = createThumbnailSource(() => engine);
  const gone = new AbortController();
  void source.get(wanted(1), gone.signal);
  gone.abort();
  await source.get(wanted(2), never);
  expect(engine.asked).toEqual([1]);
});

test("a failure is that of its batch alone", async () => {
  let isBroken = true;
  const engine = engineOfX();
  const source = createThumbnailSource(() => ({
    thumbnails: (request) => (isBroken ? Promise.reject(new Error("gone")) : engine.thumbnails(request)),
  }));
  await expect(source.get(wanted(1), never)).rejects.toThrow("gone");
  isBroken = false;
  expect((await source.get(wanted(1), never))[0]).toBe(1);
});
