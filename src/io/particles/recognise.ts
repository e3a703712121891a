import { parseCsv } from "../csv/table.js";
import { type ParticleFormat, particleFormatOfName } from "./formats.js";

/**
 * What format a particle list is in, by its content and, where content leaves it open, its name; undefined when it is
 * none. All of RELION's versions are "relion5" here: they are read alike.
 */
export function recogniseParticleFormat(bytes: Uint8Array, name = ""): ParticleFormat | undefined {
  if (bytes.length === 0 || bytes.subarray(0, 4096).includes(0)) return undefined;
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 1 << 16)).replace(/^\xef\xbb\xbf/, "");
  if (STAR_START.test(text)) return "relion5";
  const named = particleFormatOfName(name.replace(/\.gz$/i, ""));
  if (named) return named;
  return looksLikeTable(text) ? "csv" : undefined;
}

/** Spaces and comments, then a data block. No two parts can match the same text, so that no file takes long to refuse. */
const STAR_START = /^(?:\s|#[^\r\n]*(?:[\r\n]|$))*data_/i;

/** Whether the first lines are a table with columns x, y and z. */
function looksLikeTable(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).slice(0, 50);
  try {
    const { header } = parseCsv(lines.slice(0, -1).join("\n") || text);
    const lower = (header ?? []).map((column) => column.toLowerCase());
    return ["x", "y", "z"].every((axis) => lower.includes(axis) || lower.includes(`${axis}_angstrom`));
  } catch {
    return false;
  }
}
