/** The same operations on Node's file system and on ours have the same results and the same error codes. */
import { mkdtempSync, rmSync } from "node:fs";
import * as nodeFiles from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as ownFiles from "../node/file-system-promises.js";

type Files = typeof ownFiles;
/** What an operation gives, as plain data; paths are from the folder that it works in. */
type Operation = (files: Files, at: (name: string) => string) => Promise<unknown>;

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

const listed = async (files: Files, path: string) =>
  (await files.readdir(path, { recursive: true, withFileTypes: true }))
    .map((entry) => [join(entry.parentPath, entry.name).slice(path.length), entry.isFile(), entry.isDirectory()])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "write and read": async (files, at) => {
    await files.writeFile(at("a"), "one é");
    return [text(await files.readFile(at("a"))), await files.readFile(at("a"), "utf8")];
  },
  "write pieces": async (files, at) => {
    await files.writeFile(at("a"), ["one", " ", "two"]);
    await files.writeFile(at("b"), new Set([bytes("three")]));
    return [await files.readFile(at("a"), "utf8"), await files.readFile(at("b"), "utf8")];
  },
  "write over a longer file": async (files, at) => {
    await files.writeFile(at("a"), "long text");
    await files.writeFile(at("a"), "x");
    return files.readFile(at("a"), "utf8");
  },
  append: async (files, at) => {
    await files.appendFile(at("a"), "one");
    await files.appendFile(at("a"), bytes("two"));
    return files.readFile(at("a"), "utf8");
  },
  "write what must be new": async (files, at) => {
    await files.writeFile(at("a"), "x", { flag: "wx", mode: 0o600 });
    return files.writeFile(at("a"), "x", { flag: "wx" });
  },
  "write into a missing folder": (files, at) => files.writeFile(at("none/a"), "x"),
  "write onto a folder": async (files, at) => {
    await files.mkdir(at("a"));
    return files.writeFile(at("a"), "x");
  },
  "write below a file": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.writeFile(at("a/b"), "x");
  },
  "write under too long a name": (files, at) => files.writeFile(at("n".repeat(256)), "x"),
  "write under the longest name": (files, at) => files.writeFile(at("n".repeat(255)), "x"),
  "write, aborted": (files, at) => files.writeFile(at("a"), ["x"], { signal: AbortSignal.abort() }),
  "read what is missing": (files, at) => files.readFile(at("none")),
  "read a folder": (files, at) => files.readFile(at(".")),
  "read below a file": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.readFile(at("a/b"));
  },
  "open what is missing": (files, at) => files.open(at("none"), "r"),
  "open what is there as new": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.open(at("a"), "wx");
  },
  "open a folder to write": (files, at) => files.open(at("."), "w"),
  "read by ranges": async (files, at) => {
    await files.writeFile(at("a"), "0123456789");
    await using file = await files.open(at("a"), "r");
    const buffer = new Uint8Array(6);
    const counts = [];
    counts.push((await file.read(buffer, 1, 3, 4)).bytesRead);
    counts.push((await file.read(buffer, 4, 2, 9)).bytesRead);
    counts.push((await file.read(buffer, 0, 2, 20)).bytesRead);
    return [counts, [...buffer]];
  },
  "read on from where it stands": async (files, at) => {
    await files.writeFile(at("a"), "0123");
    await using file = await files.open(at("a"), "r");
    const buffer = new Uint8Array(3);
    await file.read(buffer, 0, 3);
    const { bytesRead } = await file.read(buffer, 0, 3);
    return [bytesRead, [...buffer]];
  },
  "write by ranges, beyond the end": async (files, at) => {
    await using file = await files.open(at("a"), "w");
    const { bytesWritten } = await file.write(bytes("abc"), 1, 2, 4);
    await file.write(bytes("z"), 0, 1, 0);
    return [bytesWritten, [...(await files.readFile(at("a")))]];
  },
  "write to what is open to read": async (files, at) => {
    await files.writeFile(at("a"), "x");
    await using file = await files.open(at("a"), "r");
    return await file.write(bytes("y"), 0, 1, 0);
  },
  "append through a handle": async (files, at) => {
    await files.writeFile(at("a"), "one\n");
    await using file = await files.open(at("a"), "a");
    await file.appendFile("two\n");
    await file.datasync();
    const { size } = await file.stat();
    await file.truncate(4);
    await file.appendFile("three\n");
    return [size, await files.readFile(at("a"), "utf8")];
  },
  "append through a handle that reads as well": async (files, at) => {
    await files.writeFile(at("a"), "one");
    await using file = await files.open(at("a"), "a+");
    await file.appendFile("two");
    const buffer = new Uint8Array(3);
    const { bytesRead } = await file.read(buffer, 0, 3, 2);
    await file.appendFile("three");
    return [bytesRead, [...buffer], await files.readFile(at("a"), "utf8")];
  },
  "truncate to more": async (files, at) => {
    await using file = await files.open(at("a"), "w");
    await file.writeFile("xy");
    await file.truncate(4);
    return [...(await files.readFile(at("a")))];
  },
  "close twice": async (files, at) => {
    const file = await files.open(at("a"), "w");
    await file.close();
    await file.close();
  },
  "a handle outlives a rename and a removal": async (files, at) => {
    await using file = await files.open(at("a"), "w");
    await file.writeFile("one");
    await files.rename(at("a"), at("b"));
    await file.appendFile("two");
    const content = await files.readFile(at("b"), "utf8");
    await files.rm(at("b"));
    return [content, (await file.stat()).size];
  },
  stat: async (files, at) => {
    await files.writeFile(at("a"), "four");
    const [file, folder] = [await files.stat(at("a")), await files.stat(at("."))];
    return [file.size, file.isFile(), file.isDirectory(), folder.isFile(), folder.isDirectory()];
  },
  "stat what is missing": (files, at) => files.stat(at("none")),
  "stat below a file": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.stat(at("a/b"));
  },
  "stat a file as a folder": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.stat(`${at("a")}/`);
  },
  "times change with what is written": async (files, at) => {
    await files.writeFile(at("a"), "x");
    const before = (await files.stat(at("a"))).mtimeMs;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await files.appendFile(at("a"), "y");
    return (await files.stat(at("a"))).mtimeMs > before;
  },
  access: (files, at) => files.access(at("."), 2),
  "access what is missing": (files, at) => files.access(at("none")),
  "make a folder": async (files, at) => [await files.mkdir(at("a")), await listed(files, at("."))],
  "make a folder twice": async (files, at) => {
    await files.mkdir(at("a"));
    return files.mkdir(at("a"));
  },
  "make a folder in a missing one": (files, at) => files.mkdir(at("none/a")),
  "make folders": async (files, at) => {
    const first = await files.mkdir(at("a/b/c"), { recursive: true });
    return [first === at("a"), await files.mkdir(at("a/b"), { recursive: true }), await listed(files, at("."))];
  },
  "make folders where a file is": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.mkdir(at("a"), { recursive: true });
  },
  "make folders below a file": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.mkdir(at("a/b"), { recursive: true });
  },
  "list a folder": async (files, at) => {
    await files.mkdir(at("a/b"), { recursive: true });
    await files.writeFile(at("a/b/c"), "");
    return [
      await files.readdir(at(".")),
      (await files.readdir(at("."), { recursive: true })).sort(),
      await listed(files, at("a")),
    ];
  },
  "list what is missing": (files, at) => files.readdir(at("none")),
  "list a file": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.readdir(at("a"));
  },
  "rename onto a file": async (files, at) => {
    await files.writeFile(at("a"), "one");
    await files.writeFile(at("b"), "two");
    await files.rename(at("a"), at("b"));
    return [await files.readFile(at("b"), "utf8"), await listed(files, at("."))];
  },
  "rename onto itself": async (files, at) => {
    await files.writeFile(at("a"), "one");
    await files.rename(at("a"), at("a"));
    return files.readFile(at("a"), "utf8");
  },
  "rename what is missing": (files, at) => files.rename(at("none"), at("a")),
  "rename into a missing folder": async (files, at) => {
    await files.writeFile(at("a"), "one");
    return files.rename(at("a"), at("none/a"));
  },
  "rename a folder": async (files, at) => {
    await files.mkdir(at("a"));
    await files.writeFile(at("a/b"), "x");
    await files.rename(at("a"), at("c"));
    return listed(files, at("."));
  },
  "rename a folder onto an empty one": async (files, at) => {
    await files.mkdir(at("a/b"), { recursive: true });
    await files.mkdir(at("c"));
    await files.rename(at("a"), at("c"));
    return listed(files, at("."));
  },
  "rename a folder onto a full one": async (files, at) => {
    await files.mkdir(at("a"));
    await files.mkdir(at("c/d"), { recursive: true });
    return files.rename(at("a"), at("c"));
  },
  "rename a folder onto a file": async (files, at) => {
    await files.mkdir(at("a"));
    await files.writeFile(at("b"), "x");
    return files.rename(at("a"), at("b"));
  },
  "rename a file onto a folder": async (files, at) => {
    await files.mkdir(at("a"));
    await files.writeFile(at("b"), "x");
    return files.rename(at("b"), at("a"));
  },
  "rename a folder into itself": async (files, at) => {
    await files.mkdir(at("a"));
    return files.rename(at("a"), at("a/b"));
  },
  "remove a file": async (files, at) => {
    await files.writeFile(at("a"), "x");
    await files.rm(at("a"));
    return listed(files, at("."));
  },
  "remove what is missing": (files, at) => files.rm(at("none")),
  "remove what is missing, by force": (files, at) => files.rm(at("none/deep"), { force: true }),
  "remove a folder with all in it": async (files, at) => {
    await files.mkdir(at("a/b"), { recursive: true });
    await files.writeFile(at("a/b/c"), "x");
    await files.rm(at("a"), { recursive: true });
    return listed(files, at("."));
  },
  "remove an empty folder": async (files, at) => {
    await files.mkdir(at("a"));
    await files.rmdir(at("a"));
    return listed(files, at("."));
  },
  "remove a full folder as if empty": async (files, at) => {
    await files.mkdir(at("a/b"), { recursive: true });
    return files.rmdir(at("a"));
  },
  "remove a file as a folder": async (files, at) => {
    await files.writeFile(at("a"), "x");
    return files.rmdir(at("a"));
  },
  "real path": async (files, at) => (await files.realpath(at("a/../."))) === (await files.realpath(at("."))),
  "real path of what is missing": (files, at) => files.realpath(at("none")),
};

const nodeRoot = mkdtempSync(join(tmpdir(), "cosnet-conformance-"));
afterAll(() => rmSync(nodeRoot, { recursive: true }));
beforeAll(() => ownFiles.mkdir(nodeRoot, { recursive: true }));

/** Result, or code of the error, of an operation in a folder of its own. */
async function outcome(files: Files, operation: Operation, folder: string): Promise<unknown> {
  await files.mkdir(folder);
  try {
    return { result: await operation(files, (name) => join(folder, name)) };
  } catch (error) {
    return { code: (error as { code?: unknown }).code };
  }
}

test.each(Object.entries(OPERATIONS))("%s", async (name, operation) => {
  const folder = join(nodeRoot, name.replaceAll(" ", "-"));
  // Node's functions take more than ours; what is used of them is the same.
  const expected = await outcome(nodeFiles as unknown as Files, operation, folder);
  expect(await outcome(ownFiles, operation, folder)).toEqual(expected);
});
