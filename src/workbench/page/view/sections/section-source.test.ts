import { expect, test } from "vitest";
import type { Section, SectionRequest } from "../../../protocol/index.js";
import { createSectionSource, type WantedSection } from "./section-source.js";

const wish = (index: number, axis: "x" | "y" | "z" = "z"): WantedSection => ({ tomogramId: "tomogram-1", axis, index });
const section: Section = { width: 4, height: 4, values: new Float32Array(16) };

/** A source whose requests are answered one by one, by hand. */
function slowSource(mostBytes?: number) {
  const waiting: { request: SectionRequest; answer: (section: Section) => void; fail: (error: unknown) => void }[] = [];
  const asked: string[] = [];
  const arrived: number[] = [];
  const failures: unknown[] = [];
  const source = createSectionSource({
    fetch: (request) =>
      new Promise((answer, fail) => {
        asked.push(`${request.axis}${request.index}`);
        waiting.push({ request, answer, fail });
      }),
    onArrival: ({ index }) => arrived.push(index),
    onFailure: (error) => failures.push(error),
    ...(mostBytes !== undefined && { mostBytes }),
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const answer = async () => {
    waiting.shift()?.answer(section);
    await turn();
  };
  const fail = async () => {
    waiting.shift()?.fail(new Error("no such section"));
    await turn();
  };
  return { source, asked, arrived, failures, waiting, answer, fail };
}

test("each axis has three wishes under way, or two neighbours; what is wanted last comes next, what was wanted between not at all", async () => {
  const { source, asked, waiting, answer } = slowSource();
  for (const index of [10, 20, 30, 40, 50]) source.want(wish(index), 100);
  source.want(wish(5, "x"), 100);
  expect(asked).toEqual(["z10", "z11", "z20", "x5", "x6"]);
  expect(waiting.length).toBe(5);
  await answer();
  expect(asked).toEqual(["z10", "z11", "z20", "x5", "x6", "z50"]);
});

test("while nobody waits, neighbours come, first in the direction of the last step", async () => {
  const { source, asked, answer } = slowSource();
  source.want(wish(50), 100);
  await answer();
  source.want(wish(49), 100);
  for (let i = 0; i < 8; i++) await answer();
  // 51 and 52 were under way as the direction changed
  expect(asked).toEqual(["z50", "z51", "z52", "z49", "z48", "z47", "z46", "z45"]);
});

test("nothing is asked beyond the ends, nor again what is here", async () => {
  const { source, asked, answer } = slowSource();
  source.want(wish(1), 2);
  for (let i = 0; i < 4; i++) await answer();
  source.want(wish(0), 2);
  source.want(wish(1), 2);
  expect(asked).toEqual(["z1", "z0"]);
  expect(source.at(wish(0))).toBe(section);
  expect(source.at({ ...wish(0), lowPassAngstrom: 40 })).toBeUndefined();
});

test("the oldest sections go when the store is full", async () => {
  const { source, answer } = slowSource(3 * section.values.byteLength);
  source.want(wish(0), 10);
  for (let i = 0; i < 6; i++) await answer();
  expect([0, 1, 2, 3, 4].map((index) => source.at(wish(index)) !== undefined)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test("after a failure the next wish is fetched as ever", async () => {
  const { source, asked, arrived, failures, answer, fail } = slowSource();
  source.want(wish(3), 10);
  await fail();
  expect(failures.length).toBe(1);
  source.want(wish(4), 10);
  await answer();
  expect(asked.slice(0, 2)).toEqual(["z3", "z4"]);
  expect(arrived).toEqual([4]);
});
