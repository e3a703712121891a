import { expect, test } from "vitest";
import {
  type ContrastTransfer,
  contrastTransferFunction,
  electronWavelengthAngstrom,
  exposureWeight,
} from "./contrast-transfer.js";

/** Values that `relion_ctf_toolbox --simulate` of RELION 3.1.3 writes, by frequency in pixels of a box; it computes in float32. */
const RELION: readonly (readonly [
  name: string,
  transfer: ContrastTransfer,
  step: number,
  values: readonly (readonly [u: number, v: number, value: number])[],
])[] = [
  [
    "300 kV, with a phase plate",
    {
      ...{ kilovolt: 300, sphericalAberrationMillimetre: 2.7, amplitudeContrast: 0.07, phaseShiftDegrees: 20 },
      ...{ defocusUAngstrom: 28000, defocusVAngstrom: 25000, defocusAngleDegrees: 35 },
    },
    1 / (32 * 4),
    [
      [0, 0, 0.40695965],
      [3, 0, 0.97274894],
      [0, 5, 0.26737553],
      [7, 2, -0.32332811],
      [6, -4, -0.77199703],
    ],
  ],
  [
    "200 kV",
    {
      ...{ kilovolt: 200, sphericalAberrationMillimetre: 1.4, amplitudeContrast: 0.1 },
      ...{ defocusUAngstrom: 12000, defocusVAngstrom: 15000, defocusAngleDegrees: -60 },
    },
    1 / (24 * 2),
    [
      [0, 0, 0.1],
      [3, 0, -0.97326177],
      [0, 5, -0.99935198],
      [7, 2, 0.99688882],
      [6, -4, -0.31376424],
    ],
  ],
];

test.each(RELION)("contrast transfer is RELION's: %s", (_, transfer, step, values) => {
  const at = contrastTransferFunction(transfer);
  for (const [u, v, value] of values) expect(at(u * step, v * step)).toBeCloseTo(value, 6);
});

test("scale and B-factor multiply it", () => {
  const [, transfer] = RELION[0];
  const plain = contrastTransferFunction(transfer);
  const scaled = contrastTransferFunction({ ...transfer, scale: 0.5, bFactor: 200 });
  expect(scaled(0.05, 0.02)).toBeCloseTo(0.5 * Math.exp(-50 * (0.05 ** 2 + 0.02 ** 2)) * plain(0.05, 0.02), 12);
});

test("wavelengths are those of the textbooks", () => {
  expect(electronWavelengthAngstrom(300)).toBeCloseTo(0.01969, 5);
  expect(electronWavelengthAngstrom(200)).toBeCloseTo(0.02508, 5);
});

test("half of the critical exposure leaves exp(-1/4) of the amplitude, and nothing takes from zero frequency", () => {
  const critical = 0.245 * 0.1 ** -1.665 + 2.81;
  expect(exposureWeight(0.1, critical / 2)).toBeCloseTo(Math.exp(-0.25), 12);
  expect(exposureWeight(0, 100)).toBe(1);
  expect(exposureWeight(0.1, 0)).toBe(1);
});
