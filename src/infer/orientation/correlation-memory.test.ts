import * as onnxruntime from "onnxruntime-node";
import { expect, test } from "vitest";
import type { OnnxRuntime } from "../../runtime/index.js";
import { createRandom } from "../../volume/index.js";
import { joinRows, takeRows } from "../rows.js";
import { createOrientationComparer, type OrientationComparer } from "./compare.js";
import { createCorrelationMemory } from "./correlation-memory.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

const runtime = onnxruntime as unknown as OnnxRuntime;

function randomSpectra(seed: string, count: number): Spectra {
  const random = createRandom(seed);
  return Float32Array.from({ length: count * SPECTRUM_LENGTH }, () => random.normal());
}

/** Passes on, and counts the pairs. */
function counting(comparer: OrientationComparer) {
  const counts = { pairs: 0 };
  const counted: OrientationComparer = {
    ...comparer,
    compare(queries, references, options) {
      counts.pairs += (queries.length * references.length) / SPECTRUM_LENGTH ** 2;
      return comparer.compare(queries, references, options);
    },
  };
  return { counts, counted };
}

test("what is remembered is what comparing anew gives, to the bit, and only what is new is computed", async () => {
  const typical = randomSpectra("typical", 50);
  await using comparer = await createOrientationComparer(runtime, { tiltDegrees: 60, typical });
  const { counts, counted } = counting(comparer);
  const remembering = createCorrelationMemory().remembering(counted);
  const [boxes, references] = [randomSpectra("boxes", 40), randomSpectra("references", 6)];

  expect(await remembering.compare(boxes, references)).toEqual(await comparer.compare(boxes, references));
  expect(counts.pairs).toBe(240);
  await remembering.compare(takeRows(boxes, [3, 1], SPECTRUM_LENGTH), takeRows(references, [5], SPECTRUM_LENGTH));
  expect(counts.pairs).toBe(240);

  const [moreBoxes, moreReferences] = [
    joinRows([randomSpectra("new boxes", 2), boxes]),
    joinRows([references, randomSpectra("new references", 1)]),
  ];
  expect(await remembering.compare(moreBoxes, moreReferences)).toEqual(
    await comparer.compare(moreBoxes, moreReferences),
  );
  expect(counts.pairs).toBe(240 + 2 * 6 + 42);
});

test("a few boxes more do not make another kind of comparer; another tilt or spectrum does", async () => {
  const typical = randomSpectra("typical", 50);
  const kindOf = async (tiltDegrees: number, spectra: Spectra) => {
    await using comparer = await createOrientationComparer(runtime, { tiltDegrees, typical: spectra });
    return comparer.kind;
  };
  const kind = await kindOf(60, typical);
  expect(await kindOf(60, joinRows([typical, randomSpectra("one more", 1)]))).toBe(kind);
  expect(await kindOf(50, typical)).not.toBe(kind);
  const lowPassed = typical.map((value, at) => value * 0.9 ** (at % (SPECTRUM_LENGTH / 2)));
  expect(await kindOf(60, lowPassed)).not.toBe(kind);
});
