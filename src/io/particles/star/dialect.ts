import type { RelionFormat } from "./write.js";

/** How much of a file is looked at. */
const HEAD_BYTES = 1 << 18;

/**
 * Which of RELION's versions a list is like, so that a list made of it can be written as it was: 5 counts from the tomogram's
 * centre, 4 names tomograms and has optics groups, 3.1 has optics groups, 3.0 and the programs that write like it have one table.
 */
export function relionFormatOf(bytes: Uint8Array): RelionFormat {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES));
  const has = (label: string) => head.includes(`_${label}`);
  if (has("rlnCenteredCoordinateXAngst")) return "relion5";
  if (has("rlnTomoName")) return "relion4";
  return /^data_optics/m.test(head) || has("rlnOpticsGroup") ? "relion3.1" : "relion3.0";
}
