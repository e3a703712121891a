import { expect, test } from "vitest";
import { ConfigError, FileError, FormatError, ModelError } from "../../errors.js";
import { errorOf, failureOf } from "./failure.js";

test("an error of the house is the same on the other side", () => {
  const errors = [
    new FormatError("no map here", "a.mrc, header", { hint: "Look." }),
    new FileError("it is not there", "/data/a.mrc"),
    new ConfigError("there is nothing to undo"),
    new ModelError("does not fit", { where: "model.onnx", hint: "Take another." }),
  ];
  for (const error of errors) {
    const arrived = errorOf(failureOf(error));
    expect(arrived).toBeInstanceOf(error.constructor);
    expect(failureOf(arrived)).toEqual(failureOf(error));
    expect(arrived.message).toBe(error.message);
  }
});

test("anything else is a bug and says so", () => {
  expect(failureOf(new TypeError("x is undefined"))).toEqual({ tag: "bug", reason: "TypeError: x is undefined" });
  expect(errorOf({ tag: "constructor", reason: "odd" })).toEqual(new Error("odd"));
});
