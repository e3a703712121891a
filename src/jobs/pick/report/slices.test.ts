import { expect, test } from "vitest";
import type { TomogramGrid } from "../../../files/tomogram/grid.js";
import { readerOf } from "../../../io/index.js";
import type { PickedTomogram } from "../picked-tomogram.js";
import { reportSlices } from "./slices.js";

const SHAPE = [30, 40, 50] as const;
const VOXEL = 10;

/** Zeros with one bright voxel in the middle of the axis that is looked along, and a candidate there. */
function pickedAt(index: { x: number; y: number; z: number }, beamAxis: "x" | "y" | "z" | undefined): PickedTomogram {
  const [nz, ny, nx] = SHAPE;
  const data = new Float32Array(nz * ny * nx);
  data[(index.z * ny + index.y) * nx + index.x] = 1;
  const grid = {
    shape: SHAPE,
    fileShape: SHAPE,
    voxelSizeAngstrom: VOXEL,
    fileVoxelSizeAngstrom: VOXEL,
    read: readerOf({ data, shape: SHAPE }),
  };
  const at = { x: index.x * VOXEL, y: index.y * VOXEL, z: index.z * VOXEL };
  const searched = {
    grid: grid as unknown as TomogramGrid, // the other fields are of no use here
    scale: { mean: 0, scale: 1 },
    adaptation: {
      geometry: beamAxis && { beamAxis, tiltAxis: beamAxis === "z" ? "y" : "z", tiltDegrees: 60, emptiness: 0 },
    },
  };
  const candidates = [{ positionAngstrom: at, radiusAngstrom: 50, score: 1, accepted: true, classIndex: 2 }];
  return { searched, candidates } as unknown as PickedTomogram;
}

test.each([
  ["z", { x: 21, y: 7, z: 15 }, [50, 40], [21, 7], "z"],
  ["y", { x: 21, y: 20, z: 4 }, [50, 30], [21, 4], "y"],
  ["x", { x: 25, y: 33, z: 9 }, [40, 30], [33, 9], "x"],
  [undefined, { x: 21, y: 7, z: 15 }, [50, 40], [21, 7], "z"],
] as const)(
  "beam along %s: slices across it, and the circle around the density",
  async (beam, index, size, pixel, deep) => {
    const slices = await reportSlices(pickedAt(index, beam), {});
    expect(slices).toHaveLength(3);
    const { plane, circles, section, sections } = slices[1]!;
    expect([plane.width, plane.height]).toEqual(size);
    const brightest = plane.data.indexOf(Math.max(...plane.data));
    expect([brightest % plane.width, Math.floor(brightest / plane.width)]).toEqual(pixel);
    // The centre of a pixel is half a pixel from its edge, where the drawing counts from.
    expect([circles[0]!.x, circles[0]!.y]).toEqual(pixel.map((p) => p + 0.5));
    expect(circles[0]!.classIndex).toBe(2);
    expect(Math.abs(section - 1 - index[deep])).toBeLessThanOrEqual(1);
    expect(sections).toBe(SHAPE[{ z: 0, y: 1, x: 2 }[deep]]);
  },
);

test("a slice that cuts no candidate has no circle", async () => {
  const [first] = await reportSlices(pickedAt({ x: 25, y: 20, z: 29 }, "z"), {});
  expect(first!.circles).toEqual([]);
});
