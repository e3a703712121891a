import type { ByteOrder } from "../numbers.js";
import type { MrcMode } from "./modes.js";

/** What an MRC file is like, as far as other programs care. */
interface WrittenMrc {
  readonly mode: MrcMode;
  readonly byteOrder: ByteOrder;
}

interface KnownReader {
  readonly when: (file: WrittenMrc) => boolean;
  readonly what: string;
  readonly readers: string;
}

/** As measured (docs/compatibility.md, which states versions; a test compares the two). */
const KNOWN_READERS: readonly KnownReader[] = [
  {
    when: ({ mode }) => mode === 12,
    what: "mode 12 (float16)",
    readers: "Mol*, NGL, 3Dmol, ITK, gemmi 0.5, PyMOL 2.5 and RELION 3.1",
  },
  { when: ({ mode }) => mode === 6, what: "mode 6 (uint16)", readers: "Mol*, PyMOL 2.5, NGL, 3Dmol and RELION 3.1" },
  { when: ({ mode }) => mode === 1, what: "mode 1 (int16)", readers: "NGL and 3Dmol" },
  { when: ({ mode }) => mode === 0, what: "mode 0 (int8)", readers: "3Dmol" },
  { when: ({ byteOrder }) => byteOrder === "big", what: "big-endian bytes", readers: "Mol*" },
];

/** Which programs refuse or misread an MRC file, as sentences for who writes it. */
export function mrcReaderWarnings(file: WrittenMrc): string[] {
  return KNOWN_READERS.filter(({ when }) => when(file)).map(
    ({ what, readers }) => `${what}: refused or misread by ${readers} (docs/compatibility.md)`,
  );
}
