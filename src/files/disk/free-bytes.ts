import { statfs } from "node:fs/promises";
import { failing } from "./disk.js";

/** What is free, for this user, on the disk that a folder is on. @throws FileError */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder).catch(failing(folder, "read"));
  return bavail * bsize;
}
