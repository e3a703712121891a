/** What a signal-to-noise ratio means here; to be printed wherever one is, because papers differ. */
export const SNR_DEFINITION = "var(signal) / var(noise) inside the subtomogram after CTF and missing wedge";

/** "inf" for no noise, else the shortest decimal. */
export function formatSnr(snr: number): string {
  return snr === Infinity ? "inf" : String(snr);
}

/** The ratio in the words of a table's heading. */
export function noiseText(snr: number): string {
  return snr === Infinity ? "no noise" : `SNR ${formatSnr(snr)}`;
}
