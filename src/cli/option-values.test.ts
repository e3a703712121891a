import { expect, test } from "vitest";
import { choiceOption, integerOption, listOption, numberOption, snrOption, voxelSizeOption } from "./option-values.js";

test("lists of numbers", () => {
  expect(listOption(integerOption())("2, 4,6")).toEqual([2, 4, 6]);
  expect(listOption(snrOption)("inf,1000,0.5,1e-2")).toEqual([Infinity, 1000, 0.5, 0.01]);
  expect(numberOption()("-.5")).toBe(-0.5);
  expect(choiceOption("a", "b")("b")).toBe("b");
});

test.each([
  ["an integer", () => integerOption()("5x"), "Give a whole number."],
  ["empty text", () => integerOption()(""), "Give a whole number."],
  ["hexadecimal", () => numberOption()("0x10"), "Give a number."],
  ["overflow", () => numberOption()("1e400"), "Give a number."],
  ["too many digits", () => integerOption()("99999999999999999999"), "Give a whole number."],
  ["below the range", () => integerOption(1, 9)("0"), "Give a whole number from 1 to 9."],
  ["above the range", () => numberOption(-Infinity, 1)("2"), "Give a number of at most 1."],
  ["a voxel size in metres", () => voxelSizeOption("1e-9"), "Give a number from 0.05 to 1000."],
  ["a voxel size no microscope has", () => voxelSizeOption("1e9"), "Give a number from 0.05 to 1000."],
  ["a negative SNR", () => snrOption("-1"), 'Give a positive number, or "inf" for no noise.'],
  ["SNR 0", () => snrOption("0"), 'Give a positive number, or "inf" for no noise.'],
  ["an empty place", () => listOption(integerOption())("2,,4"), "Give values separated by single commas."],
  ["a repeated value", () => listOption(integerOption())("2,4,2"), "2 is given twice."],
  ["a wrong item", () => listOption(snrOption)("1,no"), "'no': Give a positive number"],
  ["an unknown choice", () => choiceOption("a", "b")("c"), "Choose one of a, b."],
])("refuses %s", (_, parse, message) => {
  expect(parse).toThrow(message);
});
