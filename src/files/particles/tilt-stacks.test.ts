import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boxOfTilts } from "../../infer/index.js";
import { readVolumeFile } from "../tomogram/index.js";
import { readParticleListFile } from "./list-file.js";
import { openTiltStacks } from "./tilt-stacks.js";
import { createWarningCounter } from "./warning-counter.js";

const RIBOSOMES = join(import.meta.dirname, "../../../../shared/data/real/ribosomes_10499");

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - meanA) * (b[i]! - meanB);
    aa += (a[i]! - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

describe.skipIf(!existsSync(RIBOSOMES))("real ribosomes, as WarpTools exported them", () => {
  test("boxes are those that others made of the same stacks, in the same frame", async () => {
    const path = join(RIBOSOMES, "tilts", "particles.star");
    const { list } = await readParticleListFile(path);
    const stacks = (await openTiltStacks(list, path))!;
    const doubts = createWarningCounter();
    let boxes = 0;
    for (const [index, particle] of list.particles.entries()) {
      const name = particle.extra.rlnTomoParticleName!;
      const file = `${name.replace(/\/(\d+)$/, (_, n: string) => `_${n.padStart(2, "0")}`)}.mrc`;
      if (!existsSync(join(RIBOSOMES, file))) continue;
      const tilts = await stacks.read(particle, `particle ${index + 1}`, doubts);
      const { volume } = await readVolumeFile(join(RIBOSOMES, file));
      expect(correlation(boxOfTilts(tilts).data, volume.data)).toBeGreaterThan(0.99);
      boxes++;
    }
    expect(boxes).toBe(20);
    expect(doubts.warnings()).toEqual([]);
  });
});
