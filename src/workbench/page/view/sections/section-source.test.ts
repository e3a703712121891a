import { expect, test } from "vitest";
import type { Section, SectionRequest } from "../../../protocol/index.js";
import { createSectionSource, type WantedSection } from "./section-source.js";

const wish = (index: number, axis: "x" | "y" | "z" = "z"): WantedSection => ({ tomogramId: "tomogram-1", axis, index });
const section: Section = { width: 4, height: 4, values: new Float32Array(16) };

/** "z10" or, of several, "z11-13". */
function textOf({ axis, index, count = 1 }: SectionRequest): string {
  return `${axis}${index}${count > 1 ? `-${index + count - 1}` : ""}`;
}

/** A source whose requests are answered one by one, by hand. */
function slowSource(mostBytes?: number) {
  const waiting: {
    request: SectionRequest;
    answer: (sections: readonly Section[]) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const asked: string[] = [];
  const arrived: string[] = [];
  const failures: unknown[] = [];
  const source = createSectionSource({
    fetch: (request) =>
      new Promise((answer, fail) => {
        asked.push(textOf(request));
        waiting.push({ request, answer, fail });
      }),
    onArrival: ({ index }, { isCoarse }) => arrived.push(`${index}${isCoarse ? " coarsely" : ""}`),
    onFailure: (error) => failures.push(error),
    ...(mostBytes !== undefined && { mostBytes }),
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const answer = async (given: Section = section, most = Number.POSITIVE_INFINITY) => {
    const next = waiting.shift();
    next?.answer(Array.from({ length: Math.min(most, next.request.count ?? 1) }, () => given));
    await turn();
  };
  const fail = async () => {
    waiting.shift()?.fail(new Error("no such section"));
    await turn();
  };
  const answerAll = async () => {
    while (waiting.length > 0) await answer();
  };
  return { source, asked, arrived, failures, waiting, answer, answerAll, fail };
}

test("each axis has three wishes under way; what is wanted last comes next, what was wanted between not at all", async () => {
  const { source, asked, answer } = slowSource();
  for (const index of [10, 20, 30, 40, 50]) source.want(wish(index), 100);
  source.want(wish(5, "x"), 100);
  expect(asked).toEqual(["z10", "z20", "z30", "x5"]);
  await answer();
  expect(asked).toEqual(["z10", "z20", "z30", "x5", "z50"]);
});

test("who stands still has one section first, then the neighbours, up to a multiple of eight in one request", async () => {
  const { source, asked, answer, answerAll } = slowSource();
  source.want(wish(52), 100);
  expect(asked).toEqual(["z52"]);
  await answer();
  expect(asked).toEqual(["z52", "z53-55"]);
  await answerAll();
  expect(asked).toEqual(["z52", "z53-55", "z56", "z51"]);
});

test("downwards, the neighbours below come", async () => {
  const { source, asked, answerAll } = slowSource();
  source.want(wish(50), 100);
  await answerAll();
  source.want(wish(49), 100); // here already: it was behind
  await answerAll();
  expect(asked.slice(3)).toEqual(["z48", "z45-47"]);
});

test("the longer the way in one direction, the more is fetched ahead, two requests at a time", async () => {
  const { source, asked, waiting, answerAll } = slowSource();
  source.want(wish(100), 300);
  await answerAll();
  for (let index = 101; index <= 112; index++) {
    source.want(wish(index), 300);
    expect(waiting.length).toBeLessThanOrEqual(2);
    await answerAll();
  }
  const furthest = Math.max(...asked.map((text) => Number(/\d+$/.exec(text))));
  expect(furthest).toBe(112 + 4 + 2 * 12);
});

test("who is faster than the answers is not sent what was passed, but what comes next", async () => {
  const { source, asked, arrived, answer } = slowSource();
  source.want(wish(0), 1000);
  await answer();
  await answer();
  const before = asked.length;
  for (let index = 1; index <= 200; index++) {
    source.want(wish(index), 1000);
    if (index % 10 === 0) await answer();
  }
  const firsts = asked.slice(before + 6).map((text) => Number(/\d+/.exec(text)));
  expect(firsts.length).toBeGreaterThan(10);
  // Half of the answers come ten steps after they were asked for, half twenty.
  for (const [i, first] of firsts.entries()) expect(first).toBeGreaterThan(10 * (i + 1));
  expect(arrived.length).toBeGreaterThan(80);
});

test("what comes coarsely comes again until it is whole, as long as it is wanted", async () => {
  const { source, asked, arrived, answer } = slowSource();
  const coarse = { ...section, isCoarse: true };
  source.want(wish(5, "x"), 10);
  await answer(coarse);
  await answer(coarse);
  expect(source.at(wish(5, "x"))).toBeUndefined();
  await answer();
  expect(source.at(wish(5, "x"))).toBe(section);
  expect(asked.slice(0, 4)).toEqual(["x5", "x5", "x5", "x6-7"]);
  expect(arrived).toEqual(["5 coarsely", "5 coarsely", "5"]);
  source.want(wish(0, "y"), 1000);
  source.want(wish(900, "y"), 1000);
  await answer(); // x6-7
  await answer(coarse); // y0
  await answer(); // x8-9
  expect(asked.filter((text) => text === "y0")).toEqual(["y0"]);
});

test("what an answer has left out is asked for when it is wanted", async () => {
  const { source, asked, answer } = slowSource();
  source.want(wish(0), 4);
  await answer();
  await answer(section, 1);
  source.want(wish(2), 4);
  expect(asked).toEqual(["z0", "z1-3", "z2", "z3"]);
});

test("nothing is asked beyond the ends, nor again what is here", async () => {
  const { source, asked, answerAll } = slowSource();
  source.want(wish(1), 2);
  await answerAll();
  source.want(wish(0), 2);
  source.want(wish(1), 2);
  expect(asked).toEqual(["z1", "z0"]);
  expect(source.at(wish(0))).toBe(section);
  expect(source.at({ ...wish(0), lowPassAngstrom: 40 })).toBeUndefined();
});

test("the oldest sections go when the store is full", async () => {
  const { source, answerAll } = slowSource(3 * section.values.byteLength);
  source.want(wish(0), 10);
  await answerAll();
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
  expect(arrived).toEqual(["4"]);
});
