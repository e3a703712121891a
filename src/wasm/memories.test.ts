import { expect, test } from "vitest";
import { borrowMemory } from "./memories.js";

test("a memory is used again when it is given back, and by one at a time", () => {
  const first = borrowMemory(10);
  const second = borrowMemory(200_000);
  expect(second.memory).not.toBe(first.memory);
  expect(second.memory.buffer.byteLength).toBeGreaterThanOrEqual(200_000);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  using third = borrowMemory(100_000);
  using fourth = borrowMemory(10);
  expect(third.memory).toBe(first.memory);
  expect(third.memory.buffer.byteLength).toBeGreaterThanOrEqual(100_000);
  expect(fourth.memory).not.toBe(first.memory);
  second[Symbol.dispose]();
});
