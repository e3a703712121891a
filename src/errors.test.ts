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
