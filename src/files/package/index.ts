import { readFileSync } from "node:fs";

/** cosnet's version; it goes into everything that is written. package.json lies two folders up in src and in dist alike. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
