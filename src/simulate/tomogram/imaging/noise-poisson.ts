import type { Random } from "../../../volume/index.js";

/** Above this mean, half a percent of skewness is left, and the normal approximation's error is far below any detector's. */
const NORMAL_ABOVE = 1e4;
const PRODUCT_BELOW = 12;

/**
 * A Poisson deviate of any mean: the product method for small ones, W. Hörmann's transformed rejection (PTRS, Insurance:
 * Mathematics and Economics 12, 1993) in between, a rounded normal deviate for very large ones.
 */
export function poissonDeviate(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  if (mean < PRODUCT_BELOW) return random.poisson(mean);
  if (mean > NORMAL_ABOVE) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const root = Math.sqrt(mean);
  const b = 0.931 + 2.53 * root;
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const acceptAt = 0.9277 - 3.6224 / (b - 2);
  const logMean = Math.log(mean);
  for (;;) {
    const u = random.next() - 0.5;
    const v = 1 - random.next();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= acceptAt) return k;
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    const bound = -mean + k * logMean - logFactorial(k);
    if (Math.log((v * inverseAlpha) / (a / distance ** 2 + b)) <= bound) return k;
  }
}

/** Stirling's series; exact to 1e-9 from k = 10 on, below which the sum is taken. */
function logFactorial(k: number): number {
  if (k < 10) {
    let sum = 0;
    for (let i = 2; i <= k; i++) sum += Math.log(i);
    return sum;
  }
  const n = k + 1;
  return (
    (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5)
  );
}
