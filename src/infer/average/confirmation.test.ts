import { expect, test } from "vitest";
import { complexFromMap, createRenderer } from "../../simulate/index.js";
import { createRandom, createVolume, randomQuaternion, wedgeMask } from "../../volume/index.js";
import { createSubtomogramMaker } from "../align/subtomogram.js";
import { angularAgreement } from "./confirmation.js";
import { createFourierSum } from "./fourier-sum.js";
import { joinHalves } from "./half-maps.js";
import { sphereMask } from "./sphere-mask.js";

const EDGE = 24;
const VOXEL_SIZE_ANGSTROM = 12;

/** A hollow particle that is thicker in four places. */
function shellWithSides(): Float32Array {
  return Float32Array.from({ length: EDGE ** 3 }, (_, at) => {
    const [x, y, z] = [at % EDGE, Math.floor(at / EDGE) % EDGE, Math.floor(at / EDGE / EDGE)].map((i) => i - EDGE / 2);
    const radius = Math.hypot(x, y, z);
    const sides = radius > 0 ? (5 * x * y * z) / radius ** 3 : 0;
    return Math.exp(-((radius - 6) ** 2)) * (1 + sides);
  });
}

test("halves in random poses agree in a ball alone, and that confirms nothing; in true poses they do", () => {
  const complex = complexFromMap(createVolume([EDGE, EDGE, EDGE], VOXEL_SIZE_ANGSTROM, shellWithSides()), {
    name: "a shell with sides",
  });
  const renderer = createRenderer({ boxSize: EDGE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM, contrastTransfer: false });
  const make = createSubtomogramMaker(EDGE);
  const weight = Float32Array.from(wedgeMask([EDGE, EDGE, EDGE], 60));
  const random = createRandom("confirmation");
  const sums = {
    true: [createFourierSum(EDGE), createFourierSum(EDGE)],
    random: [createFourierSum(EDGE), createFourierSum(EDGE)],
  };
  for (let i = 0; i < 60; i++) {
    const { volume, orientation, shiftVoxels } = renderer.render(complex, { random: random.fork(i), snr: 0.5 });
    const subtomogram = make(volume, weight);
    sums.true[i % 2].add(subtomogram, { rotation: orientation, shiftVoxels });
    sums.random[i % 2].add(subtomogram, { rotation: randomQuaternion(random.fork("pose", i)), shiftVoxels });
  }
  const mask = sphereMask(EDGE, 8, 3);
  const agreementOf = ([one, other]: (typeof sums)["true"]) => {
    const joined = joinHalves([one, other], mask, random.fork("phases"));
    const options = { mask, edge: EDGE, shells: [4, 7] as const, operatorCount: 1, random: random.fork("angular") };
    return { round: joined.correlation.corrected.byShell[4], ...angularAgreement(joined.halves, options) };
  };
  const [right, wrong] = [agreementOf(sums.true), agreementOf(sums.random)];
  expect(right.correlation).toBeGreaterThan(2 * right.least);
  expect(wrong.correlation).toBeLessThan(wrong.least);
  expect(wrong.round).toBeGreaterThan(0.143); // which the correlation of the halves as they are does not tell
});
