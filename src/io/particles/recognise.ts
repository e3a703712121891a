import { parseCsv } from "../text/csv.js";
import { parseDecimal } from "../text/number.js";
import { looksLikeStar } from "../text/star/scan.js";
import { isClassFirst } from "./coords/deepetpicker.js";
import { CBOX_BLOCK } from "./cryolo/cbox.js";
import { isNapariHeader } from "./csv/napari.js";
import { isParticleHeader } from "./csv/particles.js";
import { isPolnetHeader } from "./csv/polnet.js";
import { PARTICLE_CODECS, type ParticleFormat, particleFormatOfName } from "./formats.js";
import { looksLikeImod } from "./imod/read-model.js";
import { looksLikeMotl } from "./motl/em.js";
import { STOPGAP_BLOCK } from "./motl/stopgap.js";
import { looksLikePortalPoints } from "./portal/points.js";
import { looksLikeShrec } from "./shrec/particles.js";

/** How much of a text is looked at. */
const HEAD_BYTES = 1 << 16;

/**
 * What format a particle list is in, by its content and, where content leaves it open, its name; undefined when it is
 * not one. All of RELION's versions are "relion5" here: they are read alike. `byteLength` is that of the whole file when
 * `bytes` is only its start.
 */
export function recogniseParticleFormat(
  bytes: Uint8Array,
  name = "",
  byteLength = bytes.byteLength,
): ParticleFormat | undefined {
  if (looksLikeImod(bytes)) return "imod";
  if (looksLikeMotl(bytes, byteLength)) return "motl";
  if (bytes.length === 0 || bytes.subarray(0, 4096).includes(0)) return undefined;
  const start = textStart(bytes);
  const text = new TextDecoder("latin1").decode(bytes.subarray(start, start + HEAD_BYTES));
  if (looksLikeStar(text)) return starFormat(text);
  if (/^\s*\{/.test(text)) return jsonFormat(bytes);
  if (/^\s*\[/.test(text)) return undefined;
  if (/^\s*<(?!!DOCTYPE html|html)/i.test(text)) return xmlFormat(text);
  return tableFormat(text, name.replace(/\.gz$/i, ""));
}

/** Where text begins: after the mark of UTF-8 and blanks, however many. */
export function textStart(bytes: Uint8Array): number {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (start < bytes.length && (bytes[start] === 32 || (bytes[start] >= 9 && bytes[start] <= 13))) start++;
  return start;
}

function starFormat(text: string): ParticleFormat {
  if (text.includes(`data_${STOPGAP_BLOCK}`)) return "stopgap";
  const cbox = new RegExp(`^data_${CBOX_BLOCK}\\s`, "m").test(text) || /_cbox_format_version/.test(text);
  return cbox ? "cbox" : "relion5";
}

/** Every picks file of copick names an object, every info file of EMAN2 with particles lists their boxes. */
function jsonFormat(bytes: Uint8Array): ParticleFormat | undefined {
  const text = new TextDecoder("latin1").decode(bytes);
  if (looksLikePortalPoints(text)) return "portal";
  if (text.includes('"pickable_object_name"')) return "copick";
  return text.includes('"boxes_3d"') ? "eman2" : undefined;
}

function xmlFormat(text: string): ParticleFormat | undefined {
  if (/<ParticleList[\s>]/.test(text)) return "pytom";
  return /<objlist[\s>/]/.test(text) ? "deepfinder" : undefined;
}

/** Lists that are bare numbers say by their name what they are; a header of columns says it itself. */
function tableFormat(text: string, name: string): ParticleFormat | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  // The last line of a part of a file may be cut in two.
  const sample = lines.slice(0, lines.length > 50 ? 50 : lines.length - (text.length >= HEAD_BYTES ? 1 : 0)).join("\n");
  if (looksLikeShrec(sample)) return "shrec";
  const named = particleFormatOfName(name);
  if (named === "dynamo" || named === "imod-points") return named;
  const numbers = named === "csv" ? [] : bareNumbers(sample);
  if (isClassFirst(numbers)) return "deepetpicker";
  if (named === "coords" || (/\.(txt|xyz|dat)$/i.test(name) && arePositions(numbers))) return "coords";
  try {
    const { header, row } = parseCsv(sample);
    if (isNapariHeader(header)) return "napari";
    if (isPolnetHeader(header)) return "polnet";
    if (header && isParticleHeader(header.map((column) => column.toLowerCase()))) return "csv";
    if (header) return named === "csv" ? "csv" : undefined;
    const columns = row(0).length;
    if (/\s/.test(sample.split("\n")[0].trim()) && columns >= 26 && columns <= 42) return "dynamo";
    return named === "csv" && columns >= 3 ? "csv" : undefined;
  } catch {
    return named === "csv" ? "csv" : undefined;
  }
}

/** Lines of numbers; none where anything else stands in a line. */
function bareNumbers(sample: string): number[][] {
  const lines = sample.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const rows = lines.map((line) =>
    line
      .trim()
      .split(/[\s,;]+/)
      .map((text) => parseDecimal(text) ?? Number.NaN),
  );
  return rows.flat().some(Number.isNaN) ? [] : rows;
}

/** Whether every line is three numbers: the plain text that viewers and scripts write. */
function arePositions(rows: readonly (readonly number[])[]): boolean {
  return rows.length > 0 && rows.every((row) => row.length === 3);
}

/** The format in words: "Dynamo table". */
export function particleFormatLabel(format: ParticleFormat): string {
  return PARTICLE_CODECS[format].label;
}
