import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { FileError, FormatError } from "../../errors.js";
import { ensureWritableFolder, fileExists, openRandomAccess, readFileBytes, writeFileAtomic } from "./disk.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

describe("reading", () => {
  test("bytes, gzip-compressed or not", async () => {
    writeFileSync(path("plain"), "some text");
    writeFileSync(path("zipped"), gzipSync("some text"));
    for (const name of ["plain", "zipped"])
      expect(new TextDecoder().decode(await readFileBytes(path(name)))).toBe("some text");
  });

  test.each([
    ["missing", "cannot be read: there is no such file or folder"],
    [".", "cannot be read: this is a folder, not a file"],
    ["plain/inside", "cannot be read: a part of the path is a file, not a folder"],
  ])("%s", async (name, message) => {
    await expect(readFileBytes(path(name))).rejects.toThrow(FileError);
    await expect(readFileBytes(path(name))).rejects.toThrow(message);
    await expect(openRandomAccess(path(name))).rejects.toThrow(message);
  });

  test("damaged gzip, and files or contents beyond the limit", async () => {
    const zipped = gzipSync("x".repeat(100_000));
    writeFileSync(path("cut.gz"), zipped.subarray(0, zipped.length - 20));
    const flipped = Uint8Array.from(zipped);
    flipped[flipped.length - 6]! ^= 1; // in the checksum
    writeFileSync(path("flipped.gz"), flipped);
    writeFileSync(path("bomb.gz"), zipped);
    await expect(readFileBytes(path("cut.gz"))).rejects.toThrow(FormatError);
    await expect(readFileBytes(path("flipped.gz"))).rejects.toThrow(/corrupt or truncated/);
    await expect(readFileBytes(path("bomb.gz"), { maximumBytes: 5000 })).rejects.toThrow(
      "expands to more than 5000 bytes",
    );
    writeFileSync(path("plausible.gz"), gzipSync(new Uint8Array(2 ** 28)));
    expect(await readFileBytes(path("plausible.gz"))).toHaveLength(2 ** 28);
    writeFileSync(path("implausible.gz"), gzipSync(new Uint8Array(2 ** 28 + 1)));
    await expect(readFileBytes(path("implausible.gz"))).rejects.toThrow(
      "expands to more than 268435456 bytes, which is implausible for a compressed file of this size",
    );
    await expect(readFileBytes(path("plain"), { maximumBytes: 5 })).rejects.toThrow(
      "has 9 bytes; at most 5 can be read whole",
    );
  });

  test.skipIf(!existsSync("/dev/null"))("a device or pipe is not waited for", async () => {
    await expect(openRandomAccess("/dev/null")).rejects.toThrow("this is a pipe or a device, not a file");
  });

  test("any part of a file, but never less than asked for", async () => {
    const source = await openRandomAccess(path("plain"));
    expect(source.byteLength).toBe(9);
    expect(new TextDecoder().decode(await source.read(5, 4))).toBe("text");
    await expect(source.read(5, 5)).rejects.toThrow("ends at byte 9, before the 10 that are needed");
    await source.close();
  });
});

describe("writing", () => {
  test("a text longer than what becomes bytes at a time, and an empty one", async () => {
    const text = `${"a".repeat((1 << 20) - 1)}\u{1f9ec}${"é".repeat(1 << 20)}`; // a pair of units across the first cut
    for (const content of [text, ""]) {
      await writeFileAtomic(path("long"), content);
      expect(readFileSync(path("long"), "utf8") === content).toBe(true);
    }
  });

  test("replaces the file at once and leaves nothing else", async () => {
    await writeFileAtomic(path("out"), "one");
    await writeFileAtomic(path("out"), new TextEncoder().encode("two"));
    expect(readFileSync(path("out"), "utf8")).toBe("two");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a name as long as the disk allows", async () => {
    await writeFileAtomic(path("n".repeat(255)), "x");
    expect(readFileSync(path("n".repeat(255)), "utf8")).toBe("x");
  });

  test("a failure leaves neither a temporary file nor a damaged target", async () => {
    await expect(writeFileAtomic(path("nowhere/out"), "x")).rejects.toThrow(
      /cannot be written: there is no such file or folder/,
    );
    await ensureWritableFolder(path("taken"));
    await expect(writeFileAtomic(path("taken"), "x")).rejects.toThrow(FileError);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(await fileExists(path("taken"))).toBe(true);
  });

  test("a process that ends in the middle of a write removes its temporary file", async () => {
    const temporaries = () => readdirSync(folder).filter((name) => name.startsWith(".big."));
    const writing = writeFileAtomic(path("big"), new Uint8Array(32 << 20));
    while (temporaries().length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (const listener of process.listeners("exit")) if (/unfinished/.test(String(listener))) listener(0);
    expect(temporaries()).toEqual([]);
    await expect(writing).rejects.toThrow(FileError);
    expect(await fileExists(path("big"))).toBe(false);
  });

  test("a folder is made, with its parents, and tried", async () => {
    await ensureWritableFolder(path("a/b/c"));
    expect(readdirSync(path("a/b/c"))).toEqual([]);
    await expect(ensureWritableFolder(path("plain"))).rejects.toThrow(/cannot be written to/);
  });
});
