import { expect, test } from "vitest";
import type { FileLike } from "../../protocol/index.js";
import { mkdir, open, readdir, readFile, stat } from "../node/file-system-promises.js";
import { mountFile } from "./mount.js";

/** A file whose bytes are their numbers, and what was asked of it. */
function numbered(name: string, size: number) {
  const asked: [number, number][] = [];
  const file: FileLike & { readonly lastModified: number } = {
    ...{ name, size, lastModified: 1234 },
    slice: (start, end) => ({
      arrayBuffer: async () => {
        asked.push([start, end]);
        return Uint8Array.from({ length: end - start }, (_, index) => start + index).buffer;
      },
    }),
  };
  return { file, asked };
}

test("a mounted file is read where it is asked for, each part once", async () => {
  await mkdir("/mount-a");
  const { file, asked } = numbered("TS_01.mrc", 5 * 2 ** 20);
  const path = mountFile("/mount-a", file);
  expect(path).toBe("/mount-a/TS_01.mrc");
  const handle = await open(path);
  const bytes = new Uint8Array(4);
  expect(await handle.read(bytes, 0, 4, 2 ** 20 - 2)).toEqual({ bytesRead: 4 });
  expect([...bytes]).toEqual([254, 255, 0, 1]);
  expect(await handle.read(bytes, 0, 4, 2 ** 20 + 7)).toEqual({ bytesRead: 4 });
  expect([...bytes]).toEqual([7, 8, 9, 10]);
  expect(await handle.read(bytes, 0, 4, 5 * 2 ** 20 - 1)).toEqual({ bytesRead: 1 });
  expect(asked).toEqual([
    [0, 2 ** 20],
    [2 ** 20, 2 ** 21],
    [2 ** 22, 5 * 2 ** 20],
  ]);
});

test("a mounted file has its own size and time, and is not written to", async () => {
  await mkdir("/mount-b");
  const path = mountFile("/mount-b", numbered("a.mrc", 10).file);
  expect(await stat(path)).toMatchObject({ size: 10, mtimeMs: 1234 });
  expect([...(await readFile(path))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await expect((await open(path, "a")).appendFile("x")).rejects.toMatchObject({ code: "EROFS" });
});

test("files of one name stand side by side", async () => {
  await mkdir("/mount-c");
  for (const name of ["a.tar.gz", "a.tar.gz", "../../b", ".hidden"]) mountFile("/mount-c", numbered(name, 1).file);
  expect((await readdir("/mount-c")).sort()).toEqual(["_.._b", "a-2.tar.gz", "a.tar.gz", "hidden"]);
});
