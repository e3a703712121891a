import * as node from "node:crypto";
import { expect, test } from "vitest";
import { createHash, randomBytes } from "./crypto.js";

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003])("SHA-256 of %d bytes as Node has it", (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
  const expected = node.createHash("sha256").update(bytes).update("é").digest("hex");
  expect(createHash("sha256").update(bytes).update("é").digest("hex")).toBe(expected);
});

test("random bytes as a text of twice as many digits", () => {
  expect(randomBytes(6).toString("hex")).toMatch(/^[0-9a-f]{12}$/);
});
