import { expect, test } from "vitest";
import { proceduralComplex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { complexesFrom } from "./source.js";

test("complexes get names fit for files, which differ by more than large letters", async () => {
  const complex = proceduralComplex(createRandom(1));
  const complexes = ["Ribosome", "ribosome", "ribosome ", "80S/40S", "..", "con"].map((name) => ({ ...complex, name }));
  const named = await complexesFrom({ complexes }, { seed: 1 });
  expect(named.map(({ name }) => name)).toEqual(["Ribosome", "ribosome-2", "ribosome-3", "80S-40S", "complex", "con-"]);
});
