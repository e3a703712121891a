import { createFftKernel, type FftKernel, TURNS, VALUE } from "./fft-kernel.js";
import { createFftLine, rootOfOne } from "./fft-line.js";

/**
 * The transform of `createFftLine` of two lines at once. Each value is four numbers: the real parts of both lines, then their
 * imaginary parts. All pairs of one length in a thread are one: `input` and `output` hold what the last caller left there, and
 * must be asked for again after another pair has been made.
 */
export interface FftPair {
  readonly length: number;
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** Writes the unscaled transforms of both lines of `input` to `output`. */
  forward(): void;
}

const pairs = new Map<number, FftPair>();

/** Two lines of any length: vectors of WebAssembly for powers of two and three times them, two lines one after the other for the rest. */
export function fftPair(length: number): FftPair {
  let pair = pairs.get(length);
  if (!pair) pairs.set(length, (pair = newPair(length)));
  return pair;
}

function newPair(length: number): FftPair {
  const parts = [1, 3].find((count) => isPowerOfTwo(length / count));
  return parts ? vectorPair(length, parts) : linePair(length);
}

const isPowerOfTwo = (value: number): boolean => value > 1 && Number.isInteger(Math.log2(value));

function linePair(length: number): FftPair {
  const line = createFftLine(length);
  const [from, to] = [new Float64Array(2 * length), new Float64Array(2 * length)];
  const [input, output] = [new Float64Array(4 * length), new Float64Array(4 * length)];
  return {
    ...{ length, input, output },
    forward() {
      for (const lane of [0, 1]) {
        for (let i = 0; i < 2 * length; i++) from[i] = input[2 * i + lane];
        line.forward(from, to);
        for (let i = 0; i < 2 * length; i++) output[2 * i + lane] = to[i];
      }
    },
  };
}

const PAGE = 2 ** 16;

/** The memory of all lengths, made when there is one. */
let shared: { readonly memory: WebAssembly.Memory; readonly kernel: FftKernel; used: number } | undefined;

/** The steps of `createFftLine`, operation by operation, so that the numbers are the same to the last bit. */
function vectorPair(length: number, parts: number): FftPair {
  if (!shared) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    shared = { memory, kernel: createFftKernel(memory), used: 0 };
  }
  const { memory, kernel } = shared;
  const part = length / parts;
  const power = Math.log2(part);
  const radix = power % 2 === 0 ? 4 : 2;
  const groups = part / radix;
  const allocate = (bytes: number): number => {
    const start = shared!.used;
    shared!.used += Math.ceil(bytes / VALUE) * VALUE;
    const missing = Math.ceil((shared!.used - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
    return start;
  };
  const [input, output] = [allocate(VALUE * length), allocate(VALUE * length)];
  const transformed = parts === 1 ? output : allocate(VALUE * length);
  const [roots, order] = [allocate(16 * part), allocate(4 * groups)];
  const turns = parts === 1 ? 0 : allocate(TURNS * part);
  const table = new Float64Array(memory.buffer, roots, 2 * part);
  for (let i = 0; i < 2 * part; i += 2) {
    const angle = (Math.PI * i) / part;
    table[i] = Math.cos(angle);
    table[i + 1] = -Math.sin(angle);
  }
  if (parts === 3) new Float64Array(memory.buffer, turns, (TURNS / 8) * part).set(turnsOfThirds(part));
  const width = radix === 4 ? power - 2 : power - 1;
  const places = new Int32Array(memory.buffer, order, groups);
  for (let group = 0; group < groups; group++) places[group] = parts * VALUE * reversedPairs(group, width);
  const view = (start: number): Float64Array => new Float64Array(memory.buffer, start, 4 * length);
  let [inputView, outputView] = [view(input), view(output)];
  // A memory that grows takes its numbers along, and leaves the views behind.
  const current = (known: Float64Array, start: number) => (known.byteLength > 0 ? known : view(start));
  const first = kernel[radix === 4 ? "four" : "two"];
  return {
    length,
    get input() {
      return (inputView = current(inputView, input));
    },
    get output() {
      return (outputView = current(outputView, output));
    },
    forward() {
      for (let i = 0; i < parts; i++) {
        const [start, end] = [transformed + i * VALUE * part, transformed + (i + 1) * VALUE * part];
        first(input + i * VALUE, start, order, order + 4 * groups, parts * VALUE * groups);
        for (let size = 4 * radix; size <= part; size *= 4)
          kernel.pass(start, end, (VALUE * size) / 4, roots, (16 * part) / size);
      }
      if (parts === 3) kernel.three(transformed, transformed + VALUE * part, VALUE * part, output, turns);
    },
  };
}

/** For each value of a third the turns (see `createSplit`) of the three that are joined, and the factors of their sums. */
function turnsOfThirds(part: number): Float64Array {
  const turns = new Float64Array((TURNS / 8) * part);
  for (let k = 0; k < part; k++) {
    const roots = [0, 1, 2].flatMap((third) => rootOfOne(third * k, 3 * part));
    turns.set([...roots, Math.sqrt(3) / 2, 1 / 2], (TURNS / 8) * k);
  }
  return turns;
}

/** The digits of a number in base four, `bits` / 2 of them, from the last to the first. */
function reversedPairs(value: number, bits: number): number {
  let reversed = 0;
  for (let shift = 0; shift < bits; shift += 2) reversed |= ((value >>> shift) & 3) << (bits - shift - 2);
  return reversed;
}
