// Ways to break a file: what disks, networks, other programs and people do to it.

const NUMBERS = ["1e999", "-1e999", "NaN", "-0", "1e308", "-999", "2147483648", "1e-320", "0x10", "", " ", "1e", "--1"];
/** What parsers read many of. */
export const TOKENS = [
  " ",
  "\t",
  "\n",
  "\r\n",
  "\u2028",
  "0",
  "9",
  "1.",
  "(",
  "[",
  "{",
  '{"a":',
  "<a>",
  '"',
  "'",
  "a=",
  "_",
  "-",
];
const WORDS = [
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "null",
  "nan",
  "data_",
  "loop_",
  "\u0000",
  "é",
];
const LONGEST_RUN = 65_536;

const text = (bytes) => new TextDecoder("latin1").decode(bytes);
const bytesOf = (value) => Uint8Array.from(value, (character) => character.charCodeAt(0) & 255);

/** Bytes with `removed` of them at `at` replaced by others. */
function splice(bytes, at, removed, inserted) {
  const result = new Uint8Array(bytes.length - removed + inserted.length);
  result.set(bytes.subarray(0, at));
  result.set(inserted, at);
  result.set(bytes.subarray(at + removed), at + inserted.length);
  return result;
}

function changeLines(bytes, random) {
  const lines = text(bytes).split("\n");
  const [from, to] = [random.integer(lines.length), random.integer(lines.length)];
  const kind = random.integer(3);
  if (kind === 0) lines.splice(from, 1 + random.integer(3));
  else if (kind === 1) lines.splice(to, 0, ...lines.slice(from, from + 1 + random.integer(3)));
  else [lines[from], lines[to]] = [lines[to], lines[from]];
  return bytesOf(lines.join("\n"));
}

function changeNumber(bytes, random) {
  const numbers = [...text(bytes).matchAll(/-?\d+(?:\.\d+)?/g)];
  if (numbers.length === 0) return bytes;
  const { index, 0: number } = random.pick(numbers);
  return splice(bytes, index, number.length, bytesOf(random.pick(NUMBERS)));
}

/** Each of the same chance; `other` is another seed of the same parser. */
const MUTATIONS = [
  function flipBits(bytes, random) {
    const flipped = Uint8Array.from(bytes);
    for (let i = 1 + random.integer(4); i > 0; i--) flipped[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return flipped;
  },
  function setBytes(bytes, random) {
    const changed = Uint8Array.from(bytes);
    const at = random.integer(bytes.length);
    changed.fill(random.pick([0, 255, 127, 128, 32]), at, at + random.pick([1, 2, 4, 8, 64]));
    return changed;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.integer(bytes.length));
  },
  function removeBytes(bytes, random) {
    const at = random.integer(bytes.length);
    return splice(bytes, at, Math.min(bytes.length - at, 1 + random.integer(16)), new Uint8Array());
  },
  changeLines,
  changeNumber,
  changeNumber,
  function insertWord(bytes, random) {
    return splice(bytes, random.integer(bytes.length + 1), 0, bytesOf(random.pick(WORDS)));
  },
  function repeatToken(bytes, random) {
    const token = bytesOf(random.pick(TOKENS));
    const length = random.next() < 0.05 ? LONGEST_RUN : 2 ** (1 + random.integer(8));
    const run = Uint8Array.from({ length }, (_, i) => token[i % token.length]);
    return splice(bytes, random.integer(bytes.length + 1), 0, run);
  },
  function joinSeeds(bytes, random, other) {
    const [end, start] = [random.integer(bytes.length + 1), random.integer(other.length + 1)];
    return splice(bytes, end, bytes.length - end, other.subarray(start));
  },
];

/** A seed after one to four mutations. */
export function mutated(seed, other, random) {
  let bytes = seed;
  for (let i = 1 + random.integer(1 + random.integer(4)); i > 0 && bytes.length > 0; i--)
    bytes = random.pick(MUTATIONS)(bytes, random, other);
  return bytes;
}
