import { expect, test } from "vitest";
import { ConfigError, FileError, FormatError } from "./errors.js";

test("reason, place and hint are fields of their own, and the message joins the first two", () => {
  expect(new FormatError("not a number", "a.star: line 3", { hint: "Mend it." })).toMatchObject({
    name: "FormatError",
    message: "a.star: line 3: not a number",
    reason: "not a number",
    where: "a.star: line 3",
    hint: "Mend it.",
  });
  const cause = new Error("ENOENT");
  const missing = new FileError("there is no such file", "b.mrc", { cause });
  expect(missing).toMatchObject({ message: "b.mrc: there is no such file", where: "b.mrc", path: "b.mrc", cause });
  expect(new ConfigError("no voxel size", { where: "c.mrc" }).message).toBe("c.mrc: no voxel size");
  expect(new ConfigError("no voxel size")).toMatchObject({ message: "no voxel size", where: undefined });
});

test("what a file holds may be quoted: texts stay short", () => {
  const error = new FormatError(`"${"x".repeat(40_000)}" is not a number`, "a.star", { hint: "y".repeat(40_000) });
  expect(error.message).toHaveLength("a.star: ".length + 1000);
  expect(error.reason).toHaveLength(1000);
  expect(error.hint).toHaveLength(1000);
});
