import { expect, test } from "vitest";
import { angleBetweenQuaternions, createRandom, randomQuaternion } from "../../volume/index.js";
import { evenRotations } from "./even-rotations.js";

test("some of evenly spread rotations is near to any rotation", () => {
  const rotations = evenRotations(500);
  for (const { w, x, y, z } of rotations) expect(Math.hypot(w, x, y, z)).toBeCloseTo(1, 12);
  const random = createRandom(1);
  for (let i = 0; i < 200; i++) {
    const any = randomQuaternion(random);
    const nearest = Math.min(...rotations.map((rotation) => angleBetweenQuaternions(rotation, any)));
    expect(nearest).toBeLessThan(32); // they are 31 degrees apart
  }
});
