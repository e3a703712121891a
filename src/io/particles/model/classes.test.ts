import { describe, expect, test } from "vitest";
import { FormatError } from "../../../errors.js";
import { classesOfExamples, classesOfList, classNameOf, isNegativeClass } from "./classes.js";
import type { ParticleList } from "./particle-list.js";

function list(...classes: (readonly [name: string | undefined, number?: number])[]): ParticleList {
  return {
    particles: classes.map(([className, classNumber]) => ({
      ...(className !== undefined && { className }),
      ...(classNumber !== undefined && { classNumber }),
      extra: {},
    })),
    origin: "first-voxel",
    voxelSizeAngstrom: 10,
    coordinatePixelSizeAngstrom: 10,
    warnings: [],
  };
}

describe("classes of a list", () => {
  test("have the list's own numbers as labels, in rising order", () => {
    expect(classesOfList(list(["b", 7], ["a", 3], ["b", 7]), "x.star")).toEqual({
      names: ["a", "b"],
      labels: [3, 7],
      indices: [1, 0, 1],
    });
    expect(classesOfList(list([undefined, 2], [undefined, 1]), "x.star").names).toEqual(["class 1", "class 2"]);
  });
  test("count from 1 where numbers are missing, not unique, or no labels", () => {
    for (const numbers of [[], [1, 1, 1], [0, 1, 0], [1, 70000, 1], [1, 2, 3], [1.5, 2, 1.5]])
      expect(
        classesOfList(list(["b", numbers[0]], ["a", numbers[1]], ["b", numbers[2]]), "x.star"),
        String(numbers),
      ).toEqual({ names: ["b", "a"], labels: [1, 2], indices: [0, 1, 0] });
  });
  test("are one when nobody says what the particles are", () => {
    expect(classesOfList(list([undefined], ["None"]), "x.star")).toEqual({
      names: ["particle"],
      labels: [1],
      indices: [0, 0],
    });
  });
  test("of some particles only are refused, naming the first without", () => {
    expect(() => classesOfList(list(["a"], [undefined]), "x.star")).toThrow(FormatError);
    expect(() => classesOfList(list(["a"], [undefined]), "x.star")).toThrow("x.star, particle 2");
  });
});

describe("the class of a particle", () => {
  test("is its name, else its number, else not known", () => {
    expect(list([" ribosome ", 3], [" ", 3], [""], [undefined]).particles.map(classNameOf)).toEqual([
      "ribosome",
      "class 3",
      undefined,
      undefined,
    ]);
  });
  test("may be none of those that are looked for, which is a class of its own beside others", () => {
    for (const name of ["none", "None", "none of these", "Negative", "background", "junk"])
      expect(isNegativeClass(name), name).toBe(true);
    for (const name of ["unknown", "class 0", "junk food", ""]) expect(isNegativeClass(name), name).toBe(false);
    expect(classesOfList(list(["a"], ["None"], ["a"]), "x.star").names).toEqual(["a", "None"]);
    expect(classesOfExamples(list(["None"], ["a"], ["None"]), "x.star")).toEqual({
      names: ["None", "a"],
      labels: [0, 1, 0],
    });
  });
  test("must be stated of examples, and more than one", () => {
    expect(() => classesOfExamples(list(["a"], [""]), "x.star")).toThrow(
      "x.star, particle 2: the example does not say",
    );
    expect(() => classesOfExamples(list(["a"], ["a"]), "x.star")).toThrow("all examples are of one class, a");
  });
});
