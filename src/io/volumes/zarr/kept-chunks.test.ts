import { expect, test } from "vitest";
import { keepChunks } from "./kept-chunks.js";

/** What a loader is asked for. */
function loader(fails: (key: string) => boolean = () => false) {
  const loaded: string[] = [];
  return {
    loaded,
    load: async (coordinates: readonly number[]) => {
      const key = coordinates.join();
      loaded.push(key);
      if (fails(key)) throw new Error(`no ${key}`);
      return key;
    },
  };
}

test("a chunk is loaded once as long as it is kept, also when it is asked for twice at a time", async () => {
  const { load, loaded } = loader();
  const chunkAt = keepChunks(load, 2);
  expect(await Promise.all([chunkAt([0, 1]), chunkAt([0, 1]), chunkAt([1, 0])])).toEqual(["0,1", "0,1", "1,0"]);
  expect(await chunkAt([0, 1])).toBe("0,1");
  expect(loaded).toEqual(["0,1", "1,0"]);
});

test("what was not asked for longest is given up", async () => {
  const { load, loaded } = loader();
  const chunkAt = keepChunks(load, 2);
  for (const at of [0, 1, 0, 2, 0, 1]) await chunkAt([at]);
  expect(loaded).toEqual(["0", "1", "2", "1"]);
});

test("what fails is tried again", async () => {
  let isDamaged = true;
  const { load, loaded } = loader(() => isDamaged);
  const chunkAt = keepChunks(load, 2);
  await expect(chunkAt([3])).rejects.toThrow("no 3");
  isDamaged = false;
  expect(await chunkAt([3])).toBe("3");
  expect(loaded).toEqual(["3", "3"]);
});

test("none are kept when none are to be", async () => {
  const { load, loaded } = loader();
  const chunkAt = keepChunks(load, 0);
  await chunkAt([1]);
  await chunkAt([1]);
  expect(loaded).toEqual(["1", "1"]);
});
