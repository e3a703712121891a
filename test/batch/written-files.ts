import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every file of a folder by its name, with what tells of commands and times masked. */
export function writtenFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  const masked = (text: string) =>
    text
      .replace(/"command": ".*"/, "")
      .replace(/(<th>Command<\/th><td><code>)[^<]*/, "$1")
      .replace(/(<th>Time taken<\/th><td>)[^<]*/, "$1")
      .replace(/(candidates? in )\d+ s/g, "$1")
      .replace(/"(durationSeconds|detecting|choosing|embedding|opening|alike)": [\d.e-]+/g, "$1");
  return Object.fromEntries(names.map((name) => [name, masked(readFileSync(join(folder, name), "latin1"))]));
}
