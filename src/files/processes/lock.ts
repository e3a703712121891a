/** A file that says which process works on something, so that two do not. */
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { ConfigError } from "../../errors.js";
import { failing, HOST, removedAfterUse, temporaryPath } from "../disk/index.js";
import { isProcessMark, isRunningHere, markOfThisProcess, type ProcessMark } from "./process-mark.js";

/** A process that dies between making the file and writing into it leaves it empty; a living one has written after this. */
const LONGEST_EMPTY_MILLISECONDS = 5000;

/**
 * Takes the lock at `path` until it is disposed of or the process ends; that of a process that has died is taken over.
 * @param held what it means that it is taken, for the message: "the project /data/TS_01 is open in another cosnet workbench"
 * @throws ConfigError when another process, or this one, holds it; FileError.
 */
export async function takeLock(path: string, held: string): Promise<AsyncDisposable> {
  while (!(await makeLock(path))) {
    const content = await contentOf(path);
    if (content === undefined) continue; // gone meanwhile
    if (await isHeld(path, content)) throw heldError(held, content, path);
    await setAside(path, content);
  }
  return removedAfterUse(path);
}

async function makeLock(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "wx");
    await file.writeFile(JSON.stringify({ ...markOfThisProcess(), hostName: hostname() }));
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    return failing(path, "written")(cause);
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((cause) => {
    if (cause.code === "ENOENT") return undefined;
    return failing(path, "read")(cause);
  });
}

async function isHeld(path: string, content: string): Promise<boolean> {
  const owner = ownerOf(content);
  if (!owner) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    return Date.now() - mtimeMs < LONGEST_EMPTY_MILLISECONDS;
  }
  return isRunningHere(owner) ?? true; // on another machine: nobody here can say
}

/** Two processes may find the same dead lock: whoever moves a living one by mistake puts it back. */
async function setAside(path: string, dead: string): Promise<void> {
  const aside = await temporaryPath(path);
  await rename(path, aside).catch((cause) => {
    if (cause.code !== "ENOENT") failing(path, "replaced")(cause);
  });
  const moved = await contentOf(aside);
  if (moved !== undefined && moved !== dead) await rename(aside, path);
  else await rm(aside, { force: true });
}

/** What a lock says of its owner; locks of earlier versions do not name its computer. */
interface Owner extends ProcessMark {
  readonly hostName?: unknown;
}

function ownerOf(content: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(content);
    return isProcessMark(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function heldError(held: string, content: string, path: string): ConfigError {
  const owner = ownerOf(content);
  if (owner === undefined || owner.host === HOST)
    return new ConfigError(owner ? `${held} (process ${owner.pid})` : held, {
      hint: `Close that one first. If there is none, remove ${path}.`,
    });
  const computer = typeof owner.hostName === "string" ? owner.hostName : "another computer";
  return new ConfigError(`${held} (process ${owner.pid} on ${computer})`, {
    hint: `Whether that one still runs cannot be seen from here. If it does not, remove ${path} and start again.`,
  });
}
