/** Where workers find a training: a file in its folder, which only its owner can read. */
import { join } from "node:path";
import { packageVersion, privateFile, readJson } from "../../../files/disk/index.js";

export interface MeetingPlace {
  readonly host: string;
  readonly port: number;
  /** What a worker says first, in letters, digits, - and _. */
  readonly token: string;
  readonly version: string;
}

const pathIn = (folder: string): string => join(folder, "workers.json");

/** Removed when disposed of. @throws FileError */
export function announce(folder: string, place: Omit<MeetingPlace, "version">): Promise<AsyncDisposable> {
  return privateFile(pathIn(folder), `${JSON.stringify({ ...place, version: packageVersion() }, null, 2)}\n`);
}

/** Undefined where no training is announced. @throws FileError */
export async function meetingPlace(folder: string): Promise<MeetingPlace | undefined> {
  const { host, port, token, version } = ((await readJson(pathIn(folder))) ?? {}) as Partial<MeetingPlace>; // looked at below
  if (typeof host !== "string" || typeof port !== "number" || typeof token !== "string") return undefined;
  return { host, port, token, version: `${version}` };
}
