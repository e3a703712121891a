/** A file that says which process works on something, so that two do not. */
import { readFileSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { ConfigError } from "../../errors.js";
import { failing } from "./disk.js";
import { HOST, removedAfterUse, temporaryPath } from "./temporary.js";

interface LockOwner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, where the system tells: another process may have the number of a dead one. */
  readonly born: string;
}

/** A process that dies between making the file and writing into it leaves it empty; a living one has written after this. */
const LONGEST_EMPTY_MILLISECONDS = 5000;

/**
 * Takes the lock at `path` until it is disposed of or the process ends; that of a process that has died is taken over.
 * @param what what is locked, for the message: "the project /data/TS_01"
 * @throws ConfigError when another process, or this one, holds it; FileError.
 */
export async function takeLock(path: string, what: string): Promise<AsyncDisposable> {
  while (!(await makeLock(path))) {
    const content = await contentOf(path);
    if (content === undefined) continue; // gone meanwhile
    if (await isHeld(path, content))
      throw new ConfigError(`${what} is open in another cosnet workbench${processText(content)}`, {
        hint: `Close that one first. If there is none, remove ${path}.`,
      });
    await setAside(path, content);
  }
  return removedAfterUse(path);
}

async function makeLock(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "wx");
    const owner: LockOwner = { host: HOST, pid: process.pid, born: birthOf(process.pid) };
    await file.writeFile(JSON.stringify(owner));
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
  if (owner.host !== HOST) return true; // on another machine: nobody here can say
  return isAlive(owner.pid) && birthOf(owner.pid) === owner.born;
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

function ownerOf(content: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(content) as Partial<LockOwner>; // every field is looked at
    const { host, pid, born } = owner;
    return typeof host === "string" && typeof pid === "number" && typeof born === "string"
      ? { host, pid, born }
      : undefined;
  } catch {
    return undefined;
  }
}

function processText(content: string): string {
  const owner = ownerOf(content);
  if (!owner) return "";
  return owner.host === HOST ? ` (process ${owner.pid})` : ` (process ${owner.pid} of another machine)`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** On Linux, the time since the machine's start at which the process began; empty elsewhere. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces; the start time is the twentieth field after it.
    return `${boot} ${text.slice(text.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return "";
  }
}
