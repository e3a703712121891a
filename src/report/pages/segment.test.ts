import { describe, expect, test } from "vitest";
import { describeDistribution } from "../../evaluate/index.js";
import { createVolume } from "../../volume/index.js";
import { type SegmentedClassShapes, type SegmentReportData, segmentReport } from "../index.js";

const NASTY = `<script>alert("x")</script>`;
const N = 8;
const box = (radius: number) => ({
  volume: createVolume(
    [N, N, N],
    10,
    Float32Array.from({ length: N ** 3 }, (_, i) => Math.sin(i)),
  ),
  mask: Uint8Array.from({ length: N ** 3 }, (_, i) =>
    Math.hypot((i % N) - 4, (Math.floor(i / N) % N) - 4, Math.floor(i / N / N) - 4) < radius ? 1 : 0,
  ),
});

function shapes(
  name: string,
  label: number,
  diametersAngstrom: readonly number[],
  particles: number,
): SegmentedClassShapes {
  const distribution = describeDistribution(diametersAngstrom);
  return {
    name,
    label,
    particles,
    diametersAngstrom,
    sphericities: diametersAngstrom.map(() => 0.7),
    diameter: distribution,
    volume: distribution,
    surface: distribution,
    extent: distribution,
  };
}

const DATA: SegmentReportData = {
  warnings: [`the voxel size of ${NASTY} is odd`],
  classes: [shapes(NASTY, 3, [100, 120, 140], 4), shapes("without outlines", 9, [], 1)],
  gallery: [
    { name: `folder/${NASTY}`, classIndex: 0, box: box(2.5), diameterAngstrom: 120, sphericity: 0.7 },
    { name: "empty", classIndex: 1, box: box(0), diameterAngstrom: 0, sphericity: Number.NaN },
  ],
  tomogram: {
    sizeText: "2 × 2 × 4 voxels of 10 Å",
    slice: {
      plane: { width: 2, height: 2, data: Float32Array.of(0, 1, 2, 3) },
      ...{ pixelAngstrom: 20, fileVoxelSizeAngstrom: 10, thicknessAngstrom: 10, isInverted: true },
      ...{ axes: ["x", "y", "z"], section: 2, sections: 4 },
    },
    sliceClasses: { width: 2, height: 2, data: Float32Array.of(0, 0, 0, 1) },
    view: { width: 1, height: 1, channels: 4, pixels: Uint8Array.of(1, 2, 3, 255) },
  },
  doubts: [
    ["with an empty mask", 2],
    ["whose mask reaches the edge of the box", 0],
  ],
  outputs: [["shapes", NASTY]],
  run: { command: NASTY, seed: 7, version: "0.1.0", model: NASTY, durationSeconds: 3 },
};

describe("segmentation report", () => {
  const page = segmentReport(DATA);
  test("is complete in itself, and names cannot break out", () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(/i);
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    expect(page).toContain("&#60;script&#62;");
    expect(
      [...page.matchAll(/\b(?:src|href)="([^"]{0,20})/g)].every(([, target]) => target!.startsWith("data:image/png")),
    ).toBe(true);
  });
  test("counts what has an outline, gives medians in nm, and lists doubts that there are", () => {
    expect(page).toContain("3 particles of 2 classes segmented in 3D");
    expect(page).toContain("12.0 (11.0 to 13.0)");
    expect(page).toContain("2 particles with an empty mask");
    expect(page).not.toContain("reaches the edge");
    expect(page).toContain("is odd");
    expect(page).toContain("Section 2 of 4 across z, 1 nm deep");
    expect(page).toContain("A single section, pixels of 20 Å, not filtered; inverted: protein is dark in the file.");
    expect(page).toContain("fill 25.0\u202f% of it");
  });
  test("works without a tomogram and without particles", () => {
    const { tomogram: _, ...rest } = DATA;
    const bare = segmentReport({ ...rest, classes: [shapes("a", 1, [], 0)], gallery: [], doubts: [] });
    expect(bare).not.toContain("In the tomogram");
    expect(bare).not.toMatch(/NaN|Infinity|undefined/);
  });
});
