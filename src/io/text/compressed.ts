/** Compressed files that are not read, told by how they begin, so that what is wrong with them can be said. */

interface Compression {
  readonly program: string;
  /** The first bytes; undefined for one that varies. */
  readonly signature: readonly (number | undefined)[];
  /** What to type before the file's name. */
  readonly unpack: string;
}

/** Signatures: the formats' own descriptions, as `file` has them. */
const COMPRESSIONS: readonly Compression[] = [
  { program: "bzip2", signature: [0x42, 0x5a, 0x68, undefined, 0x31, 0x41, 0x59], unpack: "bunzip2" },
  { program: "xz", signature: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], unpack: "unxz" },
  { program: "Zstandard", signature: [0x28, 0xb5, 0x2f, 0xfd], unpack: "unzstd" },
  { program: "zip", signature: [0x50, 0x4b, 0x03, 0x04], unpack: "unzip" },
  { program: "7-Zip", signature: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], unpack: "7z x" },
];

/** What a file was compressed by that is not read, and how to unpack it; undefined for gzip, which is, and all others. */
export function foreignCompression(bytes: Uint8Array): Pick<Compression, "program" | "unpack"> | undefined {
  return COMPRESSIONS.find(({ signature }) => signature.every((byte, i) => byte === undefined || bytes[i] === byte));
}
