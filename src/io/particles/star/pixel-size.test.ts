import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../../errors.js";
import { relionAnglesFromQuaternion } from "../model/euler.js";
import { readParticleList } from "../read.js";
import { type ReadParticlesOptions, readParticles } from "./read.js";
import { readTomogramSizes } from "./tomogram-sizes.js";

const AXES = "_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n";

/** One particle at (10, 20, 30) pixels with further columns, and an optics table. */
const list = (columns: Record<string, number | string>, optics: Record<string, number | string> = {}) => {
  const names = (table: object) =>
    Object.keys(table)
      .map((name) => `_${name}\n`)
      .join("");
  const values = (table: object) => Object.values(table).join(" ");
  const group = Object.keys(optics).length === 0 ? {} : { rlnOpticsGroup: 1 };
  const head = `data_optics\nloop_\n${names({ ...optics, ...group })}${values({ ...optics, ...group })}\n`;
  const rows = { ...columns, ...group };
  return `${Object.keys(optics).length === 0 ? "" : head}data_particles\nloop_\n${AXES}${names(rows)}10 20 30 ${values(rows)}\n`;
};

const x = (text: string, options?: ReadParticlesOptions) =>
  readParticles(text, options).particles[0].positionAngstrom!.x;

describe("the pixel size of coordinates", () => {
  test.each<[string, string, number]>([
    ["RELION 5's optics", list({}, { rlnTomoTiltSeriesPixelSize: 2, rlnImagePixelSize: 8 }), 2],
    ["RELION 3.1's optics", list({}, { rlnMicrographPixelSize: 2.5, rlnImagePixelSize: 10 }), 2.5],
    ["the original micrographs", list({}, { rlnMicrographOriginalPixelSize: 2.5, rlnImagePixelSize: 10 }), 2.5],
    ["images alone", list({}, { rlnImagePixelSize: 6.65 }), 6.65],
    ["images and their binning", list({}, { rlnImagePixelSize: 8, rlnTomoSubtomogramBinning: 4 }), 2],
    ["RELION 3.0: detector and magnification", list({ rlnDetectorPixelSize: 5, rlnMagnification: 10000 }), 5],
    ["the same over the pixel size", list({ rlnPixelSize: 3, rlnDetectorPixelSize: 5, rlnMagnification: 10000 }), 5],
    ["pytom-match-pick: detector alone, in Å", list({ rlnDetectorPixelSize: 6.65 }), 6.65],
    ["Warp's pixel size", list({ rlnPixelSize: 3 }), 3],
    ["merged optics: images", list({ rlnImagePixelSize: 6.65 }), 6.65],
    ["merged optics: tilt series", list({ rlnTomoTiltSeriesPixelSize: 2, rlnImagePixelSize: 8 }), 2],
    ["merged optics: micrographs", list({ rlnMicrographPixelSize: 2 }), 2],
    ["merged optics: original micrographs", list({ rlnMicrographOriginalPixelSize: 2 }), 2],
    ["optics over the particle table", list({ rlnImagePixelSize: 1 }, { rlnImagePixelSize: 4 }), 4],
  ])("%s", (_, text, pixel) => {
    expect(x(text)).toBeCloseTo(10 * pixel, 9);
  });

  test.each<[string, string, RegExp]>([
    ["images for coordinates", list({ rlnImagePixelSize: 6.65 }), /of the particle images is taken as that/],
    ["a detector without magnification", list({ rlnDetectorPixelSize: 6.65 }), /\(6.65\) is without rlnMagnification/],
    [
      "original micrographs, not images",
      list({}, { rlnMicrographOriginalPixelSize: 2.5, rlnImagePixelSize: 10 }),
      /count in rlnMicrographOriginalPixelSize \(2.5 Å\), not in rlnImagePixelSize \(10 Å\); --voxel-size/,
    ],
    [
      "tilt series, not micrographs",
      list({}, { rlnTomoTiltSeriesPixelSize: 2, rlnMicrographPixelSize: 3 }),
      /count in rlnTomoTiltSeriesPixelSize \(2 Å\), not in rlnMicrographPixelSize \(3 Å\)/,
    ],
    [
      "magnification, not pixel size",
      list({ rlnPixelSize: 3, rlnDetectorPixelSize: 5, rlnMagnification: 10000 }),
      /rlnDetectorPixelSize and rlnMagnification \(5 Å\), not in rlnPixelSize \(3 Å\)/,
    ],
  ])("says what was assumed: %s", (_, text, warning) => {
    expect(readParticles(text).warnings).toContainEqual(expect.stringMatching(warning));
  });

  test("agreement, and RELION's usual columns, are nothing to speak of", () => {
    const optics = { rlnTomoTiltSeriesPixelSize: 2, rlnTomoSubtomogramBinning: 4, rlnImagePixelSize: 8.0001 };
    expect(readParticles(list({}, optics))).toMatchObject({ voxelSizeAngstrom: 8.0001, warnings: [] });
  });

  test("a pixel size that is given counts for more, and says so", () => {
    const read = readParticles(list({}, { rlnMicrographPixelSize: 2.5 }), { coordinatePixelSizeAngstrom: 5 });
    expect(read.particles[0].positionAngstrom!.x).toBe(50);
    expect(read.warnings).toEqual([expect.stringMatching(/states voxels of 2.5 Å.*taken in the 5 Å/)]);
    expect(x(list({}), { tomogramVoxelSizeAngstrom: 4 })).toBe(40);
  });

  test.each<[string, string, RegExp]>([
    [
      "beyond all sizes",
      list({ rlnDetectorPixelSize: "1e308", rlnMagnification: 1 }),
      /rlnDetectorPixelSize in row 1 is 1e\+308/,
    ],
    [
      "next to nothing",
      list({ rlnDetectorPixelSize: 5, rlnMagnification: "1e-320" }),
      /rlnMagnification in row 1 is 1e-320/,
    ],
    ["zero", list({ rlnImagePixelSize: 0 }), /rlnImagePixelSize in row 1 is 0, not a positive number/],
    ["negative", list({}, { rlnMicrographPixelSize: -2 }), /data_optics: rlnMicrographPixelSize in row 1 is -2/],
    ["no magnification", list({ rlnDetectorPixelSize: 5, rlnMagnification: 0 }), /rlnMagnification in row 1 is 0/],
    ["infinite", list({ rlnImagePixelSize: "1e999" }), /"1e999" in row 1 of column _rlnImagePixelSize is not a number/],
    ["hexadecimal", list({ rlnImagePixelSize: "0x10" }), /"0x10" in row 1/],
  ])("refuses what none can be: %s", (_, text, message) => {
    expect(() => readParticles(text)).toThrow(FormatError);
    expect(() => readParticles(text)).toThrow(message);
  });

  test("WarpTools' lists of 2-D stacks count in the pixels of the images", () => {
    const optics = { rlnTomoTiltSeriesPixelSize: 2, rlnTomoSubtomogramBinning: 5, rlnImagePixelSize: 10 };
    const general = "data_general\n_rlnTomoSubTomosAre2DStacks 1\n";
    const read = readParticles(general + list({ rlnTomoName: "TS_1.tomostar" }, optics));
    expect(read.particles[0].positionAngstrom!.x).toBe(100);
    expect(read.warnings).toEqual([
      expect.stringContaining("WarpTools counts coordinates in the pixels of the images"),
    ]);
    expect(x(general + list({ rlnTomoName: "TS_1" }, optics))).toBe(20);
    expect(x(list({ rlnTomoName: "TS_1.tomostar" }, optics))).toBe(20);
  });

  test("optics groups of different sizes need rows that say theirs", () => {
    const optics = "data_optics\nloop_\n_rlnOpticsGroup\n_rlnMicrographPixelSize\n1 2\n2 4\n";
    const rows = `data_particles\nloop_\n${AXES}`;
    expect(() => readParticles(`${optics}${rows}10 20 30\n`)).toThrow("rows do not say their rlnOpticsGroup");
    const { particles } = readParticles(`${optics}${rows}_rlnOpticsGroup\n10 20 30 1\n10 20 30 2\n`);
    expect(particles.map(({ positionAngstrom }) => positionAngstrom!.x)).toEqual([20, 40]);
  });
});

describe("fractions of the tomogram (Warp)", () => {
  const text = `data_\nloop_\n${AXES}_rlnMicrographName\n0.51 0.25 0.75 TS_1.tomostar\n0.61 0.35 0.45 TS_1.tomostar\n`;
  const tomogramSizeAngstrom = { x: 1000, y: 1000, z: 500 };

  test("are of its size less one voxel", () => {
    const read = readParticles(text, { tomogramSizeAngstrom, tomogramVoxelSizeAngstrom: 10 });
    const { x, y, z } = read.particles[0].positionAngstrom!;
    expect([x, y, z].map((value) => Number(value.toFixed(6)))).toEqual([504.9, 247.5, 367.5]);
    expect(read.warnings).toEqual([expect.stringContaining("fractions of the tomogram")]);
  });

  test("need it; a pixel size alone says that they are pixels, with a warning", () => {
    expect(() => readParticles(text)).toThrow(ConfigError);
    expect(() => readParticles(text)).toThrow(/fractions of a tomogram whose size is not known/);
    const read = readParticles(text, { coordinatePixelSizeAngstrom: 10 });
    expect(read.particles[0].positionAngstrom!.x).toBeCloseTo(5.1, 9);
    expect(read.warnings).toEqual([expect.stringContaining("inside the first voxel")]);
  });

  test("are meant where a list states a pixel size, too, unless the user says that they are pixels", () => {
    const stated = text
      .replace("_rlnMicrographName", "_rlnMicrographName\n_rlnPixelSize")
      .replaceAll(".tomostar\n", ".tomostar 10\n");
    const size = { tomogramSizeAngstrom, tomogramVoxelSizeAngstrom: 10 };
    const read = readParticles(stated, size);
    expect(read.particles[0].positionAngstrom!.x).toBeCloseTo(504.9, 9);
    expect(read.warnings.join()).toContain("not in the pixels of 10 Å that the list states; --voxel-size 10 says");
    const pixels = readParticles(stated, { ...size, coordinatePixelSizeAngstrom: 10 });
    expect(pixels.particles[0].positionAngstrom!.x).toBeCloseTo(5.1, 9);
    expect(pixels.warnings.join()).toContain("inside the first voxel");
  });

  test("are not whole numbers, and not coordinates beyond 1", () => {
    const size = { tomogramSizeAngstrom, tomogramVoxelSizeAngstrom: 10 };
    expect(x(`data_\nloop_\n${AXES}0 1 1\n`, size)).toBe(0);
    expect(x(`data_\nloop_\n${AXES}0.5 0.5 0.5\n0.5 0.5 1.5\n`, size)).toBe(5);
  });
});

test("a size that no tomogram can have is an error that names it", () => {
  const tomograms = (size: string, pixel = "2.5") =>
    `data_global\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesPixelSize\n_rlnTomoSizeX\n_rlnTomoSizeY\n_rlnTomoSizeZ\nTS_0 2 10 10 10\nTS_1.tomostar ${pixel} ${size}\n`;
  for (const size of ["-999 -999 -999", "0 10 10", "10 10 10.5", "10 10 1e308"])
    expect(() => readTomogramSizes(tomograms(size))).toThrow(/tomogram TS_1.tomostar has the impossible size/);
  for (const size of ["nan 10 10", "10 inf 10", "10 10 1e999"])
    expect(() => readTomogramSizes(tomograms(size))).toThrow(/row 2 of column _rlnTomoSize[XYZ] is not a number/);
  for (const pixel of ["0", "-2.5", "1e308"])
    expect(() => readTomogramSizes(tomograms("10 10 10", pixel))).toThrow(/impossible pixel size/);
  expect(readTomogramSizes(tomograms("10 20 30")).get("TS_1")).toEqual({ x: 25, y: 50, z: 75 });
  expect(() => readTomogramSizes(`${tomograms("10 20 30")}TS_0 2 20 10 10\n`)).toThrow(/TS_0 is listed twice/);
});

const CASES = join(import.meta.dirname, "../../../../../shared/cases");

describe.skipIf(!existsSync(CASES))("lists of the field (skipped when ../shared/cases is absent)", () => {
  const read = (name: string, options = {}) => readParticleList(readFileSync(join(CASES, name)), { name, ...options });
  const first = (name: string, options = {}) => {
    const { x, y, z } = read(name, options).particles[0].positionAngstrom!;
    return [x, y, z].map((value) => Number(value.toFixed(6)));
  };

  test("stand where they should", () => {
    expect(first("relion31-rescaled.star")).toEqual([1000, 2000, 500]);
    expect(first("star-detector-pixel-size.star")).toEqual([625.1, 744.8, 133]);
    expect(first("star-merged-optics.star")).toEqual([66.5, 133, 199.5]);
    const tomogram = { tomogramSizeAngstrom: { x: 1000, y: 1000, z: 1000 }, tomogramVoxelSizeAngstrom: 10 };
    expect(first("warp-normalised.star", tomogram)).toEqual([504.9, 247.5, 742.5]);
    expect(first("star-leading-text.star", { voxelSizeAngstrom: 1 })).toEqual([230, 410, 87]);
  });

  test("a row too short is an error that says where", () => {
    expect(() => first("star-short-row.star", { voxelSizeAngstrom: 1 })).toThrow(
      "star-short-row.star, line 12: the loop that starts on line 3 has 8 labels, but this row has 7 values",
    );
  });

  test("M's list: in Å, of the first point in time", () => {
    expect(first("m-wrp-columns.star")).toEqual([1000, 2000, 500]);
    const { particles, warnings } = read("m-wrp-columns.star");
    const { rotDegrees, tiltDegrees, psiDegrees } = relionAnglesFromQuaternion(particles[0].orientation!);
    for (const [angle, expected] of [
      [rotDegrees, 10],
      [tiltDegrees, 20],
      [psiDegrees, 30],
    ] as const)
      expect(angle).toBeCloseTo(expected, 9);
    expect(particles.map(({ tomogramName }) => tomogramName)).toEqual(["TS_01", "TS_02"]);
    expect(warnings).toEqual([expect.stringContaining("2 points in time")]);
  });

  test("a tomogram without a size is named", () => {
    const text = readFileSync(join(CASES, "tomograms-negative-size.star"), "latin1");
    expect(() => readTomogramSizes(text)).toThrow("tomogram TS_1 has the impossible size -999 x -999 x -999");
  });
});
