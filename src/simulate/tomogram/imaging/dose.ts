/**
 * Radiation damage by the critical exposure of T. Grant and N. Grigorieff, eLife 4:e06980 (2015): at spatial frequency k the
 * signal falls to 1/e of its power after `Ne(k) = 0.245 k^-1.665 + 2.81` electrons per square Ångström at 300 kV, so its
 * amplitude after N electrons is `exp(-N / (2 Ne(k)))`.
 */

/** Electrons per square Ångström; Infinity at zero frequency. At 200 kV, the paper's authors take 0.8 of the 300 kV value. */
export function criticalExposure(frequencyPerAngstrom: number, kilovolt = 300): number {
  const voltageFactor = Math.max(0.5, Math.min(1, 0.8 + (0.2 * (kilovolt - 200)) / 100));
  if (frequencyPerAngstrom <= 0) return Infinity;
  return voltageFactor * (0.245 * frequencyPerAngstrom ** -1.665 + 2.81);
}

/**
 * Mean amplitude left during an exposure that starts after `priorDose` and brings `dose`: the mean of exp(-N / 2 Ne) over
 * the electrons of this image, not the value at its end.
 */
export function damageTransfer(
  frequencyPerAngstrom: number,
  {
    priorDose,
    dose,
    kilovolt = 300,
  }: { readonly priorDose: number; readonly dose: number; readonly kilovolt?: number },
): number {
  const rate = 1 / (2 * criticalExposure(frequencyPerAngstrom, kilovolt));
  const lost = rate * dose;
  // The quotient loses all its digits for small arguments, where the mean is 1 - lost / 2.
  const mean = lost < 1e-6 ? 1 - lost / 2 : -Math.expm1(-lost) / lost;
  return Math.exp(-rate * priorDose) * mean;
}
