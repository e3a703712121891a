import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEm, readParticleList } from "../src/io/index.js";
import {
  conjugateQuaternion,
  gaussianFilterInPlace,
  type Quaternion,
  rotateVolume,
  type Volume,
} from "../src/volume/index.js";

const DATA = join(import.meta.dirname, "../../shared/data/real");
const bytes = (name: string) => new Uint8Array(readFileSync(join(DATA, name)));

/**
 * The only end-to-end witness of the sense of TOM's angles: an experimental subtomogram, the average it contributed to and
 * the motive list of its tomogram. The average turned by the right row must look like the subtomogram; by the inverse, or by
 * any other row, less so.
 */
describe.skipIf(!existsSync(DATA))(
  "a motive list against measured density (skipped when ../shared/data is absent)",
  () => {
    const volume = (name: string) => readEm(bytes(name), { voxelSizeAngstrom: 8.7 }).volume;

    test("its angles turn the average onto the subtomogram", () => {
      const [average, subtomogram, mask] = ["average", "subtomogram", "mask"].map((name) =>
        volume(`cryoCAT_ribosome_${name}_48.em`),
      ) as [Volume, Volume, Volume];
      for (const { data, shape } of [average, subtomogram]) gaussianFilterInPlace(data, shape, 1.2);
      const { particles } = readParticleList(bytes("cryoCAT_ribosome_motl_t126.em"), { voxelSizeAngstrom: 8.7 });
      const likeness = (orientation: Quaternion) => correlation(rotateVolume(average, orientation), subtomogram, mask);
      const scores = particles.map(({ orientation }) => likeness(orientation!));
      const best = scores.indexOf(Math.max(...scores));
      // Also the row that template matching scored highest, of which nothing above knows.
      expect(particles[best]!.score).toBe(Math.max(...particles.map(({ score }) => score!)));
      const [first, second] = [...scores].sort((a, b) => b - a) as [number, number];
      expect(first).toBeGreaterThan(1.2 * second);
      expect(first).toBeGreaterThan(1.1 * likeness(conjugateQuaternion(particles[best]!.orientation!)));
    });
  },
);

/** Pearson's, within the mask. */
function correlation(one: Volume, other: Volume, mask: Volume): number {
  const inside = [...mask.data.keys()].filter((i) => mask.data[i]! > 0.5);
  const mean = ({ data }: Volume) => inside.reduce((sum, i) => sum + data[i]!, 0) / inside.length;
  const [a, b] = [mean(one), mean(other)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const i of inside) {
    const [x, y] = [one.data[i]! - a, other.data[i]! - b];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
