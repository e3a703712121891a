import {
  looksLikeSafetensors,
  looksLikeStar,
  recogniseVolumeFormat,
  structureKind,
  textStart,
  type VolumeFormat,
} from "../../io/index.js";

/** What a file is, by its content. */
export type FileKind =
  | VolumeFormat
  | "star"
  | "particles"
  | "tilts"
  | "pdb"
  | "mmcif"
  | "safetensors"
  | "onnx"
  | "unknown";

/**
 * What a file is, by content: names lie, and `.map`, `.rec` or `.st` say little. `bytes` is the file or, for the binary
 * formats, at least its first kilobyte with `byteLength` the length of the whole. Particle lists other than STAR are left to
 * `recogniseParticleFormat`, which knows more of them by their names; "zarr" is a folder.
 */
export function fileKind(bytes: Uint8Array, byteLength = bytes.byteLength): Exclude<FileKind, "zarr"> {
  const volume = recogniseVolumeFormat(bytes, byteLength);
  if (volume) return volume;
  if (looksLikeSafetensors(bytes, byteLength)) return "safetensors";
  if (looksLikeOnnx(bytes)) return "onnx";
  if (!looksLikeText(bytes)) return "unknown";
  const start = textStart(bytes);
  const head = new TextDecoder("latin1").decode(bytes.subarray(start, start + HEAD_BYTES));
  const isStar = looksLikeStar(head);
  if (isStar && PARTICLE_LABEL.test(head)) return "star"; // which of a million rows are not looked through for atoms
  const text = new TextDecoder("latin1").decode(hasByteOrderMark(bytes) ? bytes.subarray(3) : bytes);
  const structure = structureKind(text);
  if (structure) return structure;
  return isStar ? "star" : "unknown";
}

/** How much of a text is looked at for a table. */
const HEAD_BYTES = 1 << 16;

/** Labels of RELION and M, which no structure has. */
const PARTICLE_LABEL = /^[ \t]*_(rln|wrp)/m;

/** The mark that Windows programs put before UTF-8. */
function hasByteOrderMark([first, second, third]: Uint8Array): boolean {
  return first === 0xef && second === 0xbb && third === 0xbf;
}

/** An ONNX model is a protobuf message that starts with a small ir_version (field 1), then a field of length type. */
function looksLikeOnnx(bytes: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = bytes;
  return tag === 0x08 && version >= 3 && version < 32 && (next & 7) === 2 && next >> 3 <= 25;
}

function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && !bytes.subarray(0, 4096).includes(0);
}
