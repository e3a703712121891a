/** The journal of a project: every step on a line of its own, on the disk before it counts. */
import { join } from "node:path";
import { FormatError, isCosnetError } from "../../errors.js";
import { ensureWritableFolder, openWorkNotes, type WorkNotes } from "../../files/disk/index.js";
import { takeLock } from "../../files/processes/index.js";
import { EMPTY_HISTORY, type History, parseStep, type Step, takeStep } from "../protocol/index.js";
import { checkHeader, headerLine, lineOf, stepOfLine } from "./journal-line.js";

export interface Journal extends AsyncDisposable {
  readonly history: History;
  /** When this resolves, the step is on the disk. @throws FormatError, ConfigError when it cannot be taken; FileError. */
  take(step: unknown): Promise<History>;
}

/**
 * Opens the project in a folder, which is made where there is none. Until it is disposed of no other process opens it.
 * @throws ConfigError when it is open elsewhere; FormatError when its journal is damaged; FileError.
 */
export async function openJournal(folder: string): Promise<Journal> {
  await ensureWritableFolder(folder);
  const path = join(folder, "journal.jsonl");
  const lock = await takeLock(
    join(folder, "journal.lock"),
    `the project ${folder} is open in another cosnet workbench`,
  );
  try {
    const notes = await openWorkNotes(path, "line");
    try {
      const history = await replay(new TextDecoder().decode(await notes.read()), folder, path);
      if (notes.earlierBytes === 0) await notes.keep(headerLine());
      return journalOf({ folder, notes, lock }, history);
    } catch (error) {
      await notes[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

interface OpenJournal {
  readonly folder: string;
  readonly notes: WorkNotes;
  readonly lock: AsyncDisposable;
}

function journalOf({ folder, notes, lock }: OpenJournal, opened: History): Journal {
  let history = opened;
  let last: Promise<unknown> = Promise.resolve();

  const takeNow = async (given: unknown): Promise<History> => {
    const step = parseStep(given);
    const next = takeStep(history, step);
    await notes.keep(lineOf(step, folder));
    history = next;
    return next;
  };
  return {
    get history() {
      return history;
    },
    take(step) {
      const taken = last.then(() => takeNow(step));
      last = taken.catch(() => {});
      return taken;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await notes[Symbol.asyncDispose]();
      await lock[Symbol.asyncDispose]();
    },
  };
}

async function replay(text: string, folder: string, path: string): Promise<History> {
  const [header, ...lines] = text.split("\n").slice(0, -1);
  if (header === undefined) return EMPTY_HISTORY;
  checkHeader(header, path);
  let history = EMPTY_HISTORY;
  for (const [index, line] of lines.entries()) {
    const where = `${path}, line ${index + 2}`;
    history = takenAgain(history, await stepOfLine(line, folder, where), where);
  }
  return history;
}

function takenAgain(history: History, step: Step, where: string): History {
  try {
    return takeStep(history, step);
  } catch (cause) {
    if (!isCosnetError(cause)) throw cause;
    throw new FormatError(cause.reason, where, { cause, hint: "Restore the project from a copy." });
  }
}
