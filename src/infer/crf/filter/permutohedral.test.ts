import { expect, test } from "vitest";
import { createRandom } from "../../../volume/index.js";
import { permutohedralLattice } from "./permutohedral.js";

/** Mean over pairs, of the kernel's height: its own mean over these pairs is 0.11, and the lattice's Gaussian is one of splines. */
const KERNEL_TOLERANCE = 0.04;

test("filters with about a Gaussian of unit width", () => {
  const [count, dimensions] = [300, 4];
  const random = createRandom(4);
  const features = Float32Array.from({ length: count * dimensions }, () => random.normal());
  const { filterInPlace } = permutohedralLattice(features, dimensions);
  const rows = Array.from({ length: count }, (_, i) => {
    const row = new Float32Array(count);
    row[i] = 1;
    filterInPlace(row);
    return row;
  });
  let [height, total] = [0, 0];
  for (const [i, row] of rows.entries()) height += row[i] / count;
  for (const [i, row] of rows.entries()) {
    let difference = 0;
    for (let j = 0; j < count; j++) {
      let squares = 0;
      for (let d = 0; d < dimensions; d++)
        squares += (features[i * dimensions + d] - features[j * dimensions + d]) ** 2;
      difference += Math.abs(row[j] / height - Math.exp(-squares / 2)) / count;
    }
    total += difference / count;
  }
  expect(total).toBeLessThan(KERNEL_TOLERANCE);
});

test("knows what a point that is alone takes back of its own value, but for ways that lead through no vertex", () => {
  const random = createRandom(6);
  for (let i = 0; i < 20; i++) {
    const features = Float32Array.from({ length: 5 }, () => 3 * random.normal());
    const { filterInPlace, diagonal } = permutohedralLattice(features, 5);
    const value = Float32Array.of(1);
    filterInPlace(value);
    expect(Math.abs(diagonal[0] - value[0])).toBeLessThan(0.4 * value[0]);
  }
});
