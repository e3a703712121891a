import fc from "fast-check";
import { expect, test } from "vitest";
import { dragged, zoomedAt } from "./camera.js";
import { PANE_AXES } from "./pane-axes.js";
import { lineFrame, pixelOf, pointerPixel, voxelAt, voxelPositionAt } from "./pane-frame.js";
import { paneLayout } from "./pane-layout.js";
import { scaleBar } from "./scale-bar.js";
import { cutRadius } from "./sphere-cut.js";
import { createWheelSteps, zoomFactor } from "./wheel-steps.js";

const pixelRatios = fc.constantFrom(1, 1.5, 2);
const frames = fc.record({
  voxels: fc.integer({ min: 1, max: 4096 }),
  pixels: fc.integer({ min: 1, max: 4096 }),
  pixelsPerVoxel: fc.double({ min: 1 / 32, max: 64, noNaN: true }),
});
const centredFrame = ({ voxels, pixels, pixelsPerVoxel }: { voxels: number; pixels: number; pixelsPerVoxel: number }) =>
  lineFrame((voxels - 1) / 2, pixels, pixelsPerVoxel);
/** Of numbers of a few thousand pixels. */
const ROUNDING = 1e-8;

test("a voxel is at its own middle, on odd and even sizes and at any zoom", () => {
  fc.assert(
    fc.property(frames, fc.nat(), (line, seed) => {
      const frame = centredFrame(line);
      const voxel = seed % line.voxels;
      expect(voxelAt(pixelOf(voxel, frame), frame)).toBe(voxel);
      expect(Math.abs(voxelPositionAt(pixelOf(voxel, frame), frame) - voxel)).toBeLessThan(ROUNDING * line.voxels);
    }),
  );
});

test("every pixel that a voxel has, and no other, leads to it, whatever the device's pixels for a CSS pixel", () => {
  fc.assert(
    fc.property(frames, fc.nat(), pixelRatios, (line, seed, pixelRatio) => {
      const frame = centredFrame({ ...line, pixelsPerVoxel: Math.max(1, Math.round(line.pixelsPerVoxel)) });
      const voxel = seed % line.voxels;
      const first = frame.originPixel + voxel * frame.pixelsPerVoxel;
      const last = first + frame.pixelsPerVoxel - 1;
      const at = (pixel: number) => voxelAt(pointerPixel(pixel / pixelRatio, pixelRatio), frame);
      expect([at(first - 1), at(first), at(last), at(last + 1)]).toEqual([voxel - 1, voxel, voxel, voxel + 1]);
    }),
  );
});

test("the middle of a tomogram is in the middle of its pane, to a pixel", () => {
  fc.assert(
    fc.property(frames, (line) => {
      const middle = pixelOf((line.voxels - 1) / 2, centredFrame(line));
      expect(Math.abs(middle - line.pixels / 2)).toBeLessThanOrEqual(0.5 + ROUNDING * line.pixels);
    }),
  );
});

test.each([
  [3, 300, 100, 150, 1],
  [4, 400, 100, 200, 2],
  [4, 400, 100, 199, 1],
])("of %i voxels in %i pixels, %i each, pixel %i shows voxel %i", (voxels, pixels, pixelsPerVoxel, pixel, voxel) => {
  expect(voxelAt(pixel + 0.5, centredFrame({ voxels, pixels, pixelsPerVoxel }))).toBe(voxel);
});

test("zooming keeps what is under the pointer there, dragging moves it along", () => {
  const positions = fc.record({
    x: fc.double({ min: 0, max: 1000, noNaN: true }),
    y: fc.double({ min: 0, max: 1000, noNaN: true }),
    z: fc.double({ min: 0, max: 1000, noNaN: true }),
  });
  fc.assert(
    fc.property(
      positions,
      positions,
      fc.constantFrom("x", "y", "z"),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      (centre, pointer, axis, factor) => {
        const axes = PANE_AXES[axis];
        const zoomed = zoomedAt({ centre, zoom: 1 }, pointer, factor);
        for (const along of ["x", "y", "z"] as const)
          expect((pointer[along] - zoomed.centre[along]) * zoomed.zoom).toBeCloseTo(pointer[along] - centre[along], 6);
        expect(dragged({ centre, zoom: 2 }, axes, 10, -4).centre[axes.horizontal]).toBeCloseTo(
          centre[axes.horizontal] - 5,
          6,
        );
      },
    ),
  );
});

test("panes share the axes that lie side by side, and hold the whole tomogram", () => {
  const sizes = fc.integer({ min: 1, max: 4096 });
  fc.assert(
    fc.property(
      fc.integer({ min: 500, max: 4000 }),
      fc.integer({ min: 500, max: 2200 }),
      sizes,
      sizes,
      sizes,
      (...given) => {
        const [width, height, nz, ny, nx] = given;
        const { mainWidth, mainHeight, sideWidth, sideHeight, fittingZoom } = paneLayout(width, height, [nz, ny, nx]);
        expect(mainWidth + sideWidth).toBeLessThan(width);
        expect(nx * fittingZoom).toBeLessThanOrEqual(mainWidth);
        expect(ny * fittingZoom).toBeLessThanOrEqual(mainHeight);
        expect(nz * fittingZoom).toBeLessThanOrEqual(Math.min(sideWidth, sideHeight));
      },
    ),
  );
});

test("a sphere is cut in circles that become smaller away from its centre", () => {
  const sphere = { position: { x: 10, y: 20, z: 30 }, radiusVoxels: 5 };
  const radius = (index: number, thicknessVoxels = 1) => cutRadius(sphere, { axis: "z", index, thicknessVoxels });
  expect([30, 33, 34, 35, 25, 40].map((index) => radius(index))).toEqual([5, 4, 3, 0, 0, 0]);
  expect(radius(32, 5)).toBe(5);
  expect(radius(35, 3)).toBe(3);
});

test.each([
  [10, 100, "100 nm", 100],
  [10, 60, "50 nm", 50],
  [13.48, 120, "100 nm", 74.2],
  [0.5, 17, "5 Å", 10],
  [100, 150, "1 µm", 100],
])("at %d Å a pixel, a bar of at most %i pixels is %s", (angstrom, most, label, pixels) => {
  const bar = scaleBar(angstrom, most);
  expect(bar.label).toBe(label);
  expect(bar.pixels).toBeCloseTo(pixels, 1);
});

test("a notch of a wheel is one section, however a browser tells it", () => {
  const wheel = createWheelSteps();
  const turn = { deltaX: 0, deltaMode: 0, timeStamp: 0 };
  expect(wheel({ ...turn, deltaY: 100, wheelDeltaY: -120 })).toBe(1);
  expect(wheel({ ...turn, deltaY: -53, wheelDeltaY: 120 })).toBe(-1);
  expect(wheel({ ...turn, deltaY: 80, wheelDeltaY: -80 })).toBe(1); // 1.5 of the device's pixels for a CSS pixel
  expect(wheel({ ...turn, deltaY: 200, wheelDeltaY: -240 })).toBe(2);
  expect(wheel({ ...turn, deltaX: 100, deltaY: 0, wheelDeltaX: -120 })).toBe(1); // with Shift
  expect(wheel({ ...turn, deltaY: 3, deltaMode: 1 })).toBe(1);
});

test("small movements on a trackpad add up to sections", () => {
  const trackpad = createWheelSteps();
  const turn = (deltaY: number, timeStamp: number) =>
    trackpad({ deltaX: 0, deltaY, deltaMode: 0, wheelDeltaY: -3 * deltaY, timeStamp });
  const steps = Array.from({ length: 20 }, (_, i) => turn(5, i * 16));
  expect(steps.reduce((sum, step) => sum + step)).toBe(2);
  expect(turn(39, 320)).toBe(1); // 20 of 40 pixels were left
  expect(turn(39, 2000)).toBe(0); // after a pause nothing is
  expect(turn(-39, 2010)).toBe(0); // nor after turning back
  expect(turn(-1, 2020)).toBe(-1);
});

test("parting fingers zoom in", () => {
  expect(zoomFactor({ deltaY: -1, deltaMode: 0 })).toBeCloseTo(1.01);
  expect(zoomFactor({ deltaY: 120, deltaMode: 0 })).toBeCloseTo(1 / 1.284, 3);
});
