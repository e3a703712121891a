import { fileExists, readFileBytes } from "./disk.js";

/** What a JSON file of ours holds: undefined when there is none, null when it is damaged. @throws FileError when it cannot be read. */
export async function readJson(path: string): Promise<unknown> {
  if (!(await fileExists(path))) return undefined;
  const text = new TextDecoder().decode(await readFileBytes(path));
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
