/** Files that are dropped on the page, written into the project's folder as they come. */
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { FileError } from "../../errors.js";
import { createGrowingFile, ensureWritableFolder, fileExists, freeBytes } from "../../files/disk/index.js";
import { plainName } from "../../plain-name.js";
import { refusal } from "./refusal.js";
import { bodyPieces, checkDeclaredLength } from "./request-body.js";

export interface UploadOptions {
  readonly folder: string;
  readonly largestBytes: number;
  readonly silenceMilliseconds: number;
}

/** What stays free on the disk for the project itself. */
const LEFT_FREE_BYTES = 256e6;

/** Gives the file's path. @throws Refusal, FileError; nothing of the file is left then. */
export async function takeUpload(name: string, request: IncomingMessage, options: UploadOptions): Promise<string> {
  const { folder, largestBytes, silenceMilliseconds } = options;
  checkDeclaredLength(request, largestBytes);
  await ensureWritableFolder(folder);
  const room = (await freeBytes(folder)) - LEFT_FREE_BYTES;
  if (Number(request.headers["content-length"] ?? 0) > room)
    throw new FileError("there is no room for this file on the disk", folder, {
      hint: "Make room, or open it by its path.",
    });
  const path = await freePath(folder, nameInFolder(name));
  await using file = await createGrowingFile(path);
  for await (const piece of bodyPieces(request, { largestBytes: Math.min(largestBytes, room), silenceMilliseconds }))
    await file.write(piece);
  await file.finish();
  return path;
}

/** Long enough for all that a file can be called already, and a number. */
const LONGEST_BYTES = 240;

function nameInFolder(name: string): string {
  const plain = plainName(name.replace(/^[._-]+/, ""), {
    otherwise: "",
    longestBytes: LONGEST_BYTES,
    allScripts: true,
  });
  if (plain === "") throw refusal(400, "a file needs a name");
  return plain;
}

/** The path of that name, with a number where another file has it. */
async function freePath(folder: string, name: string): Promise<string> {
  const [, stem = "", extension = ""] = /^(.*?)((?:\.[^.]{1,6}){0,2})$/su.exec(name) ?? [];
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${stem}_${number}${extension}`);
    if (!(await fileExists(path))) return path;
  }
}
