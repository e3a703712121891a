import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../errors.js";
import { createVolume } from "../../../volume/index.js";
import { listHdf5, looksLikeHdf5, readHdf5, writeHdf5 } from "./volume.js";

const FIXTURES = join(import.meta.dirname, "../../../../test/fixtures/formats");
const fixture = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, name)));
const counting = Float32Array.from({ length: 24 }, (_, i) => i);

describe("files that h5py wrote", () => {
  test("EMAN2: the first image, its voxel size, and that there are more", async () => {
    const { volume, warnings, entries } = await readHdf5(fixture("eman2.hdf"));
    expect(volume).toEqual(createVolume([2, 3, 4], 3.5, counting));
    expect(entries.map(({ path }) => path)).toEqual(["MDF/images/0/image", "MDF/images/1/image"]);
    expect(warnings).toEqual(["the file holds 2 images or volumes; this is MDF/images/0/image"]);
    const second = await readHdf5(fixture("eman2.hdf"), { dataset: "MDF/images/1/image", voxelSizeAngstrom: 7 });
    expect(second.volume).toEqual(
      createVolume(
        [2, 3, 4],
        7,
        counting.map((value) => value + 100),
      ),
    );
  });

  test("EMAN2's packed integers", async () => {
    const { volume } = await readHdf5(fixture("eman2-packed.hdf"));
    expect([...volume.data]).toEqual([...counting].map((value) => value - 1));
  });

  test("others: the largest volume, compressed, of another byte order", async () => {
    expect(await listHdf5(fixture("plain.h5"))).toMatchObject([
      { path: "small", shape: [2, 2, 2] },
      { path: "predictions/labels", shape: [2, 3, 4] },
    ]);
    const { volume, voxelSizeAngstrom, dataset } = await readHdf5(fixture("plain.h5"));
    expect(dataset).toBe("predictions/labels");
    expect(volume.data).toEqual(counting);
    expect(voxelSizeAngstrom).toBeUndefined();
  });
});

test("numbers of 16 bits and h5py's booleans are read; of a tomogram and its labels the tomogram is", async () => {
  const { volume, dataset, entries } = await readHdf5(fixture("half.h5"));
  expect(entries.map(({ path, type }) => [path, type])).toEqual([
    ["labels", expect.stringMatching(/B$/)],
    ["mask", "bool"],
    ["tomogram", ">e"],
  ]);
  expect(dataset).toBe("tomogram");
  expect(volume.data).toEqual(counting.map((value) => value - 0.5));
  const mask = await readHdf5(fixture("half.h5"), { dataset: "mask" });
  expect(mask.volume.data).toEqual(counting.map((value) => (value > 5 ? 1 : 0)));
});

test("what is written is read back", async () => {
  const bytes = await writeHdf5(createVolume([2, 3, 4], 13.5, counting));
  expect(looksLikeHdf5(bytes)).toBe(true);
  const { volume, warnings } = await readHdf5(bytes);
  expect(volume).toEqual(createVolume([2, 3, 4], 13.5, counting));
  expect(warnings).toEqual([]);
});

describe("damage", () => {
  test("truncated or foreign files and missing data sets are format errors", async () => {
    const whole = fixture("eman2.hdf");
    await expect(readHdf5(whole.subarray(0, 600), { name: "cut.hdf" })).rejects.toThrow(FormatError);
    await expect(readHdf5(new Uint8Array(64), { name: "zero.hdf" })).rejects.toThrow(
      /zero\.hdf: the HDF5 library cannot read it/,
    );
    await expect(readHdf5(whole, { dataset: "nothing" })).rejects.toMatchObject({
      message: "HDF5: there is no data set nothing",
      hint: expect.stringContaining("MDF/images/0/image (2 x 3 x 4)"),
    });
  });

  test("a small file that claims 256 GB is refused before anything is unpacked", async () => {
    await expect(readHdf5(fixture("claims-much.h5"))).rejects.toThrow(
      "more than the 536870912 that can be unpacked at once",
    );
  });
});

test("after thousands of refusals a good file is read", { timeout: 120_000 }, async () => {
  const whole = fixture("eman2.hdf");
  const cut = whole.subarray(0, 600);
  for (let i = 0; i < 3500; i++) await readHdf5(cut).catch(() => undefined);
  expect((await readHdf5(whole)).volume.data).toEqual(counting);
});
