import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import { createFftLine } from "./fft-line.js";
import { fftPair } from "./fft-pair.js";

test.each([2, 4, 8, 16, 32, 64, 128, 1024, 2048, 6, 12, 24, 48, 96, 384, 1, 3, 100])(
  "two lines of %i are transformed as one alone is, to the last bit",
  (length) => {
    const random = createRandom(length);
    const pair = fftPair(length);
    const lines = [0, 1].map(() => Float64Array.from({ length: 2 * length }, () => random.normal()));
    fftPair(4096); // another length, whose memory may move that of the first
    const { input, output } = pair;
    for (const [lane, line] of lines.entries()) for (const [i, value] of line.entries()) input[2 * i + lane] = value;
    pair.forward();
    for (const [lane, line] of lines.entries()) {
      const expected = new Float64Array(2 * length);
      createFftLine(length).forward(line, expected);
      expect(output.filter((_, i) => i % 2 === lane)).toEqual(expected);
    }
  },
);
