import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeMrc } from "../../io/index.js";
import { createRandom, createVolume } from "../../volume/index.js";
import { average } from "./average.js";

test("particles that lie mostly outside of their tomogram are left out of their class, which is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "average-outside-"));
  const at = (name: string) => join(folder, name);
  const random = createRandom("outside");
  const noise = Float32Array.from({ length: 48 ** 3 }, () => random.normal());
  await writeFile(at("tomogram.mrc"), writeMrc(createVolume([48, 48, 48], 10, noise)));
  const inside = Array.from({ length: 10 }, (_, i) => `${20 + i},24,24,common`);
  await writeFile(at("picks.csv"), `x,y,z,class\n0,1,2,common\n24,24,24,rare\n60,24,24,rare\n${inside.join("\n")}\n`);
  const { warnings, classes } = await average({
    ...{ particlesPath: at("picks.csv"), tomogramPath: at("tomogram.mrc"), outputFolder: at("average") },
    ...{ boxSize: 16, particleDiameterAngstrom: 100, maximumResolutionAngstrom: 80, symmetry: "C1", threads: 1 },
  });
  expect(classes.map(({ name, particles }) => [name, particles])).toEqual([
    ["common", 10],
    ["rare", 1],
  ]);
  const told = "left out: more than half of the box lies outside of the tomogram";
  expect(warnings).toContain(`common: 1 of 11 particles is ${told}`);
  expect(warnings).toContain(`rare: 1 of 2 particles is ${told}`);
  expect(warnings).toContain("rare: not averaged, 1 particle is too few");
});
