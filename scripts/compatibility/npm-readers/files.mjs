import { readFileSync } from "node:fs";

export const bytesOf = (path) => new Uint8Array(readFileSync(path));
export const bufferOf = (path) => bytesOf(path).buffer;
