import { expect, test } from "vitest";
import type { SessionInputs } from "./array.js";
import { withFirstAnswersChecked } from "./device.js";

type Answer = (inputs: SessionInputs) => Float32Array;

/** A session that answers `y`, and counts its runs and whether it has been freed. */
function session(answer: Answer) {
  const seen = { runs: 0, freed: 0 };
  return {
    seen,
    async run(inputs: SessionInputs) {
      seen.runs++;
      return { y: { data: answer(inputs), shape: [2] } };
    },
    async [Symbol.asyncDispose]() {
      seen.freed++;
    },
  };
}

const x = (length: number) => ({ x: { data: new Float32Array(length), shape: [length] } });
const right: Answer = () => Float32Array.of(1, -10);

test("answers to inputs of a shape are compared once, and the reference is freed", async () => {
  const reference = session(right);
  const checked = withFirstAnswersChecked(
    session(() => Float32Array.of(1.1, -10.1)),
    async () => reference,
  );
  for (const length of [1, 1, 2, 1, 2]) expect((await checked.run(x(length))).y!.data[0]).toBeCloseTo(1.1);
  expect(reference.seen).toEqual({ runs: 2, freed: 2 });
});

test.each([
  ["a wrong value", Float32Array.of(1, -9.7), "y is off by 0.30 where 10 is the most"],
  ["no number", Float32Array.of(Number.NaN, -10), "y is off by NaN where 0.0 is the most"],
  ["a missing value", Float32Array.of(1), "y is off by NaN where 1.0 is the most"],
])("%s is refused every time", async (_, given, message) => {
  const reference = session(right);
  const checked = withFirstAnswersChecked(
    session(() => given),
    async () => reference,
  );
  for (let i = 0; i < 2; i++) await expect(checked.run(x(1))).rejects.toThrow(message);
  expect(reference.seen).toEqual({ runs: 2, freed: 2 });
});
