/** SHA-256 (FIPS 180-4), because that of browsers answers only later. */
const PRIMES = [
  ...[2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107],
  ...[109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229],
  ...[233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311],
];
/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = Uint32Array.from(PRIMES, (prime) => fractionBits(prime, 3n));
/** The same of the square roots of the first eight. */
const INITIAL = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fractionBits(prime, 2n));

const BLOCK_BYTES = 64;

export function sha256(message: Uint8Array): Uint8Array {
  const state = INITIAL.slice();
  const schedule = new Uint32Array(64);
  const whole = message.byteLength - (message.byteLength % BLOCK_BYTES);
  addBlocks(state, schedule, message.subarray(0, whole));
  addBlocks(state, schedule, padded(message.subarray(whole), message.byteLength));
  const digest = new DataView(new ArrayBuffer(32));
  for (const [index, word] of state.entries()) digest.setUint32(4 * index, word);
  return new Uint8Array(digest.buffer);
}

/** The rest of a message with a one, zeros, and the length of the whole in bits. */
function padded(rest: Uint8Array, byteLength: number): Uint8Array {
  const blocks = new Uint8Array(BLOCK_BYTES * Math.ceil((rest.byteLength + 9) / BLOCK_BYTES));
  blocks.set(rest);
  blocks[rest.byteLength] = 0x80;
  new DataView(blocks.buffer).setBigUint64(blocks.byteLength - 8, 8n * BigInt(byteLength));
  return blocks;
}

function addBlocks(state: Uint32Array, schedule: Uint32Array, blocks: Uint8Array): void {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  for (let start = 0; start < blocks.byteLength; start += BLOCK_BYTES) {
    fillSchedule(schedule, view, start);
    addBlock(state, schedule);
  }
}

function fillSchedule(schedule: Uint32Array, view: DataView, start: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = view.getUint32(start + 4 * t);
  for (let t = 16; t < 64; t++) {
    const [early, late] = [schedule[t - 15], schedule[t - 2]];
    const sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    schedule[t] = sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16];
  }
}

function addBlock(state: Uint32Array, schedule: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + sum1 + choice + ROUND_CONSTANTS[t] + schedule[t]) | 0;
    const sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + sum0 + majority) | 0];
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] += value;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** The largest whole number whose power is at most `prime * 2^(32 * degree)`, without what is before the point. */
function fractionBits(prime: number, degree: 2n | 3n): number {
  const target = BigInt(prime) << (32n * degree);
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= target) root += bit;
  return Number(root & 0xffffffffn);
}
