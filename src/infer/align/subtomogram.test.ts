import { describe, expect, it } from "vitest";
import { createRandom, createVolume, wedgeMask } from "../../volume/index.js";
import { createSubtomogramMaker } from "./subtomogram.js";

describe.each([8, 9])("a subtomogram of %i^3 voxels", (edge) => {
  const random = createRandom(5);
  const box = Float32Array.from({ length: edge ** 3 }, () => random.normal());
  const make = createSubtomogramMaker(edge);
  const everything = new Float32Array(edge * edge * (Math.floor(edge / 2) + 1)).fill(1);

  it("counts phases from the centre: a point there has the same real value at every frequency", () => {
    const point = createVolume([edge, edge, edge], 10);
    const centre = Math.floor(edge / 2);
    point.data[(centre * edge + centre) * edge + centre] = 3;
    const { spectrum } = make(point.data, everything);
    for (let k = 0; k < everything.length; k++) {
      expect(spectrum[2 * k]).toBeCloseTo(3, 5);
      expect(spectrum[2 * k + 1]).toBeCloseTo(0, 5);
    }
  });

  it("leaves out what was not measured", () => {
    const weight = Float32Array.from(wedgeMask([edge, edge, edge], 40));
    const { spectrum } = make(box, weight);
    for (let k = 0; k < weight.length; k++)
      expect(spectrum[2 * k] !== 0 || spectrum[2 * k + 1] !== 0).toBe(weight[k] !== 0);
  });
});
