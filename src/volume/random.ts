/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand) seeded through a string hash. The only source of
 * randomness in cosnet; a `Random` is always passed in explicitly.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Integer in [0, count). */
  integer(count: number): number;
  /** Standard normal deviate. */
  normal(): number;
  /** Fills `target` with standard normal deviates; several times faster than as many calls of `normal`. */
  fillNormal(target: Float64Array): void;
  /** One element, each with the same chance. */
  pick<T>(items: readonly T[]): T;
  /** Index drawn with probability proportional to its weight. */
  weighted(weights: readonly number[]): number;
  /** Poisson deviate of the given mean (Knuth's product method; meant for means below about 30). */
  poisson(mean: number): number;
  /** `count` distinct integers of [0, total), in random order. */
  sample(total: number, count: number): number[];
  /** An independent stream that depends on this stream's seed and the keys only, not on how much has been drawn. */
  fork(...keys: readonly (string | number)[]): Random;
}

/** A stream that depends on `seed` alone: the same seed gives the same numbers on every machine. */
export function createRandom(seed: string | number): Random {
  let [a, b, c, d] = hash128(String(seed));
  const nextBits = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t;
  };
  const next = (): number => (nextBits() >>> 0) / 4294967296;
  for (let i = 0; i < 12; i++) next();
  let spare: number | undefined;
  return {
    next,
    uniform: (low, high) => low + (high - low) * next(),
    integer: (count) => Math.floor(next() * count),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    fillNormal(target) {
      for (let i = 0; i < target.length; i++) target[i] = zigguratNormal(nextBits, next);
    },
    pick: (items) => items[Math.floor(next() * items.length)],
    weighted(weights) {
      let rest = next() * weights.reduce((sum, weight) => sum + weight, 0);
      for (let i = 0; i < weights.length; i++) {
        rest -= weights[i];
        if (rest < 0) return i;
      }
      return weights.length - 1;
    },
    poisson(mean) {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count++;
      return count;
    },
    sample(total, count) {
      const pool = Array.from({ length: total }, (_, i) => i);
      for (let i = 0; i < count; i++) {
        const j = i + Math.floor(next() * (total - i));
        [pool[i], pool[j]] = [pool[j], pool[i]];
      }
      return pool.slice(0, count);
    },
    fork: (...keys) => createRandom([seed, ...keys].join("\u001f")),
  };
}

/** 128 bits of a string (cyrb128-style mixing of four multiplicative hashes). */
function hash128(text: string): [number, number, number, number] {
  let h1 = 1779033703;
  let h2 = 3144134277;
  let h3 = 1013904242;
  let h4 = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ code, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ code, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ code, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ code, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  return [h1 ^ h2 ^ h3 ^ h4, h2 ^ h1, h3 ^ h1, h4 ^ h1];
}

const LAYERS = 128;
/** Where the base layer's tail begins, and the area of each layer, for 128 layers. */
const TAIL_START = 3.442619855899;
const LAYER_AREA = 9.91256303526217e-3;
/** The layers' right edges, the base layer's pseudo-edge first, and the fraction of each that lies under the next. */
const EDGES = layerEdges();
const INSIDE = EDGES.slice(0, LAYERS).map((edge, i) => EDGES[i + 1] / edge);

function layerEdges(): Float64Array {
  const edges = new Float64Array(LAYERS + 1);
  const density = (x: number) => Math.exp(-0.5 * x * x);
  edges[0] = LAYER_AREA / density(TAIL_START);
  edges[1] = TAIL_START;
  for (let i = 2; i < LAYERS; i++)
    edges[i] = Math.sqrt(-2 * Math.log(LAYER_AREA / edges[i - 1] + density(edges[i - 1])));
  return edges; // the last is 0, the top of the bell
}

/**
 * Ziggurat method (Marsaglia and Tsang 2000): the bell is covered by layers of equal area; a point of a random layer is
 * nearly always under the next layer's edge, hence under the bell. Seven bits choose the layer and the other 25 the
 * point, so that they are independent (Doornik 2005).
 */
function zigguratNormal(nextBits: () => number, next: () => number): number {
  for (;;) {
    const bits = nextBits();
    const layer = bits & (LAYERS - 1);
    const fraction = (bits >> 7) / 16777216; // 25 bits with sign: -1 to 1
    const x = fraction * EDGES[layer];
    if (Math.abs(fraction) < INSIDE[layer]) return x;
    if (layer === 0) {
      let [beyond, height] = [0, 0];
      do {
        beyond = -Math.log(1 - next()) / TAIL_START;
        height = -Math.log(1 - next());
      } while (2 * height < beyond * beyond);
      return fraction < 0 ? -TAIL_START - beyond : TAIL_START + beyond;
    }
    const lower = Math.exp(-0.5 * (EDGES[layer] ** 2 - x * x));
    const upper = Math.exp(-0.5 * (EDGES[layer + 1] ** 2 - x * x));
    if (upper + next() * (lower - upper) < 1) return x;
  }
}
