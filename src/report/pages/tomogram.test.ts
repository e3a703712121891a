import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { classColour } from "../chart/palette.js";
import type { TomogramSlice } from "../page/tomogram-slice.js";
import type { Plane } from "../picture/slice.js";
import { packingPicture } from "./packing-picture.js";
import { powerSpectrum, powerSpectrumPicture } from "./spectrum-picture.js";
import { tomogramReport } from "./tomogram.js";

function noisePlane(width: number, height: number): Plane {
  const random = createRandom("plane");
  return { width, height, data: Float32Array.from({ length: width * height }, () => random.normal()) };
}

test("a wave has its power at its own frequency, in both halves", () => {
  const [width, height] = [200, 150];
  const data = Float32Array.from(
    { length: width * height },
    (_, i) => 5 + Math.cos(2 * Math.PI * (0.125 * (i % width) - 0.25 * Math.floor(i / width))),
  );
  const spectrum = powerSpectrum({ width, height, data }, { tile: 64 });
  expect([spectrum.width, spectrum.height]).toEqual([64, 64]);
  const highest = Math.max(...spectrum.data);
  const places = [...spectrum.data.keys()].filter((i) => spectrum.data[i] > highest - 1e-3);
  expect(places.map((i) => [(i % 64) - 32, Math.floor(i / 64) - 32])).toEqual([
    [8, -16],
    [-8, 16],
  ]);
  expect(powerSpectrum({ width: 20, height: 20, data: data.subarray(0, 400) }).width).toBe(16); // smaller tiles when needed
});

test("rings are drawn over the right half at their radius", () => {
  const picture = powerSpectrumPicture(powerSpectrum(noisePlane(128, 128), { tile: 64 }), { zeros: [0.25], scale: 2 });
  expect([picture.width, picture.height, picture.channels]).toEqual([128, 128, 4]);
  const coloured = (x: number, y: number) => {
    const at = 4 * (y * 128 + x);
    return picture.pixels[at] - picture.pixels[at + 2] > 60;
  };
  const columns = Array.from({ length: 128 }, (_, x) => x).filter((x) => coloured(x, 64));
  expect(columns.every((x) => Math.abs(x - 64.5 - 32) <= 1)).toBe(true);
  expect(columns.length).toBeGreaterThan(0);
});

test("the view of a packing shows the nearest class in its colour, and nothing where nothing is", () => {
  const shape = [20, 24, 28] as const;
  const labels = new Uint8Array(20 * 24 * 28);
  const fill = (label: number, z0: number, z1: number, x0: number, x1: number) => {
    for (let z = z0; z < z1; z++)
      for (let y = 6; y < 18; y++) for (let x = x0; x < x1; x++) labels[(z * 24 + y) * 28 + x] = label;
  };
  fill(1, 12, 18, 3, 12); // above the next one
  fill(2, 2, 8, 3, 12);
  fill(3, 2, 8, 16, 25);
  const picture = packingPicture(labels, shape, { width: 84, height: 72, view: { x: 0, y: 0.05, z: -1 } });
  const hue = (x: number, y: number) => {
    const at = 4 * (y * 84 + x);
    return picture.pixels[at + 3] === 0 ? undefined : [...picture.pixels.subarray(at, at + 3)];
  };
  const closest = (pixel: number[] | undefined) => {
    if (!pixel) return 0;
    const direction = (colour: readonly number[]) => colour.map((value) => value / Math.hypot(...colour));
    const score = (label: number) =>
      direction(classColour(label - 1)).reduce((sum, value, i) => sum + value * direction(pixel)[i], 0);
    return [1, 2, 3].reduce((best, label) => (score(label) > score(best) ? label : best));
  };
  const scale = 84 / 28 / 1.02;
  const column = (x: number) => Math.round(41.5 + (x - 13.5) * scale);
  expect(closest(hue(column(7), 36))).toBe(1);
  expect(closest(hue(column(20), 36))).toBe(3);
  expect(closest(hue(column(14), 36))).toBe(0);
  const seen = new Set(Array.from({ length: 84 * 72 }, (_, i) => closest(hue(i % 84, Math.floor(i / 84)))));
  expect(seen.has(3)).toBe(true);
});

test("the page holds every picture itself, escapes names, and says what could not be placed", () => {
  const plane = noisePlane(32, 24);
  const slice: TomogramSlice = {
    ...{ plane, pixelAngstrom: 10, fileVoxelSizeAngstrom: 10, thicknessAngstrom: 10, isInverted: false },
    ...{ axes: ["x", "y", "z"], section: 9, sections: 16 },
  };
  const html = tomogramReport({
    shape: [16, 24, 32],
    voxelSizeAngstrom: 10,
    classes: [
      { name: "<ribosome>", placed: 3, requested: 5 },
      { name: "ring", placed: 4, requested: 4 },
    ],
    occupancy: 0.123,
    packingNote: "No room was left.",
    packing: packingPicture(new Uint8Array(16 * 24 * 32).fill(1), [16, 24, 32], { width: 40, height: 30 }),
    tomograms: [
      { snr: Infinity, xy: slice, xz: { ...slice, axes: ["x", "z", "y"], section: 13, sections: 24 } },
      { snr: 0.5, xy: slice, xz: { ...slice, axes: ["x", "z", "y"], section: 13, sections: 24 } },
    ],
    labels: { ...plane, data: plane.data.map((value) => Math.max(0, Math.round(value))) },
    tilts: [
      { tiltDegrees: -60, number: 1, image: plane, noiseFree: plane },
      { tiltDegrees: 0, number: 2, image: plane, noiseFree: plane },
    ],
    transfer: { defocusMicrometre: 4.02, zeros: [0.3] },
    run: { command: "cosnet simulate tomogram", seed: 7, version: "0.1.0", durationSeconds: 62 },
  });
  for (const text of [
    "7 particles of 2 classes",
    "of 9 requested",
    "12.3",
    "No room was left.",
    "−60°",
    "Without noise",
    "Above: section 9 of 16 across z, 8 nm deep. Below: section 13 of 24 across y, 12 nm deep. A single section, not filtered; grey values as in the file.",
    "Image 2 of the tilt series",
  ])
    expect(html).toContain(text);
  expect(html).toContain("&#60;ribosome&#62;");
  expect(html).not.toContain("<ribosome>");
  expect(html.match(/<img src="data:image\/png/g)).toHaveLength(1 + 4 + 1 + 4 + 2);
  expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
  expect(html).toContain("at a tilt of 0° and 4.02 µm");
});
