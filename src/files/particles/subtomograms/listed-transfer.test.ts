import { expect, it } from "vitest";
import { FormatError } from "../../../errors.js";
import { starLoop } from "../../../io/index.js";
import { listedTransfer } from "./listed-transfer.js";

const grid = { edge: 32, voxelSizeAngstrom: 10 };
const optics = starLoop([
  ["rlnOpticsGroup", ["1", "2"]],
  ["rlnVoltage", ["300", "200"]],
  ["rlnSphericalAberration", ["2.7", "2.7"]],
  ["rlnAmplitudeContrast", ["0.1", "0.07"]],
  ["rlnCtfDataAreCtfPremultiplied", ["0", "1"]],
]);
const particle = (extra: Record<string, string>, opticsGroup = "1") => ({ extra, opticsGroup });

it("is amplitude contrast at zero, and crosses zero where the phase shift is pi", () => {
  const { transfer, isPremultiplied } = listedTransfer({ optics }, particle({ rlnDefocusU: "50000" }), grid, "p")!;
  expect(isPremultiplied).toBe(false);
  expect(transfer[0]).toBeCloseTo(0.1, 6);
  // pi lambda df k^2 + asin(0.1) = pi with lambda = 0.0197 Å: k = 1 / 31.9 Å, Fourier pixel 10.0.
  expect(transfer[9]).toBeGreaterThan(0.3);
  expect(transfer[11]).toBeLessThan(-0.3);
});

it("takes the particle's optics group", () => {
  const listed = listedTransfer({ optics }, particle({ rlnDefocusU: "40000", rlnDefocusV: "42000" }, "2"), grid, "p");
  expect(listed?.isPremultiplied).toBe(true);
  expect(listed?.transfer[0]).toBeCloseTo(0.07, 6);
});

it("is not known without a defocus, and refuses one that is no number", () => {
  expect(listedTransfer({ optics }, particle({}), grid, "p")).toBeUndefined();
  expect(() => listedTransfer({ optics }, particle({ rlnDefocusU: "deep" }), grid, "particle 3")).toThrow(FormatError);
});
