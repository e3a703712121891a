import { expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { parseStar } from "../text/star/parse.js";
import { readTiltAngles } from "./tilt-angles.js";
import { readTiltSeries, tiltSeriesFile } from "./tilt-series.js";

const GLOBAL = `data_global
loop_
_rlnTomoName
_rlnTomoHand
_rlnTomoTiltSeriesPixelSize
_rlnTomoSizeX
_rlnTomoSizeY
_rlnTomoSizeZ
_rlnVoltage
_rlnSphericalAberration
_rlnAmplitudeContrast
TS_1 -1 2 100 80 60 300 2.7 0.07
`;
const MATRICES = `${GLOBAL}
data_TS_1
loop_
_rlnTomoProjX
_rlnTomoProjY
_rlnTomoProjZ
_rlnTomoProjW
_rlnDefocusU
_rlnDefocusV
_rlnDefocusAngle
_rlnCtfScalefactor
_rlnMicrographPreExposure
[1,0,0,50] [0,1,0,40] [0,0,1,0] [0,0,0,1] 30000 29000 10 1 0
[0.5,0,-0.8660254,50] [0,1,0,40] [0.8660254,0,0.5,0] [0,0,0,1] 31000 30000 20 0.5 3
`;
const ANGLES = MATRICES.replace(
  "_rlnTomoProjX\n_rlnTomoProjY\n_rlnTomoProjZ\n_rlnTomoProjW",
  "_rlnTomoXTilt\n_rlnTomoYTilt\n_rlnTomoZRot\n_rlnTomoXShiftAngst",
)
  .replace("[1,0,0,50] [0,1,0,40] [0,0,1,0] [0,0,0,1]", "0 0 0 0")
  .replace("[0.5,0,-0.8660254,50] [0,1,0,40] [0.8660254,0,0.5,0] [0,0,0,1]", "0 -60 0 0");
const where = "tomograms.star";
const series = (text: string, name = "TS_1") => readTiltSeries(parseStar(text), name, { where });

test.each([
  ["matrices", MATRICES],
  ["angles", ANGLES],
])("directions from %s, defocus, exposure and where depth is counted from", (_, text) => {
  const { images, centreAngstrom, defocusSlope, warnings } = series(text);
  expect(images[1]!.rotation.map((value) => Number(value.toFixed(6)) + 0)).toEqual([
    0.5, 0, -0.866025, 0, 1, 0, 0.866025, 0, 0.5,
  ]);
  expect(images[1]).toMatchObject({
    transfer: { kilovolt: 300, amplitudeContrast: 0.07, defocusUAngstrom: 31000, defocusVAngstrom: 30000, scale: 0.5 },
    exposure: 3,
  });
  expect([centreAngstrom, defocusSlope, warnings]).toEqual([{ x: 100, y: 80, z: 60 }, -1, []]);
});

test("what is missing is assumed, and said", () => {
  const bare = `data_global\nloop_\n_rlnTomoName\nTS_1\n\ndata_TS_1\nloop_\n_rlnTomoYTilt\n_rlnDefocusU\n-60 30000\n60 30000\n`;
  const { images, warnings, centreAngstrom } = series(bare);
  expect(centreAngstrom).toBeUndefined();
  expect(images[0]).toMatchObject({ transfer: { kilovolt: 300, defocusVAngstrom: 30000 }, exposure: 0 });
  for (const assumed of ["rlnVoltage: 300 kV is assumed", "rlnTomoHand): -1 is assumed", "no exposure"])
    expect(warnings.join("\n")).toContain(assumed);
  expect(series(bare.replace("_rlnDefocusU", "_other")).images[0]!.transfer).toBeUndefined();
});

test("a B-factor by exposure stands in for the exposure, as RELION 5 has it", () => {
  const text = MATRICES.replace("_rlnCtfScalefactor", "_rlnCtfBfactorPerElectronDose");
  expect(series(text).images[1]).toMatchObject({ transfer: { bFactor: 1.5, scale: 1 }, exposure: 0 });
});

test.each([
  ["an unknown tomogram", MATRICES, "TS_2", /there is no tomogram "TS_2"/],
  ["no table of images", GLOBAL, "TS_1", /no table of the images of TS_1/],
  ["a matrix that is none", MATRICES.replace("[0,1,0,40]", "[0,1,0]"), "TS_1", /row 1: .*four numbers/],
  ["a mirrored matrix", MATRICES.replace("[0,0,1,0]", "[0,0,-1,0]"), "TS_1", /row 1: .*is no rotation/],
  ["text in a matrix", MATRICES.replace("[0.5,0,", "[half,0,"), "TS_1", /row 2: "half" in .* is not a number/],
  [
    "neither matrices nor angles",
    MATRICES.replace("_rlnTomoProjX", "_other"),
    "TS_1",
    /neither projection matrices nor/,
  ],
  [
    "a voltage that is none",
    MATRICES.replace("60 300 2.7", "60 high 2.7"),
    "TS_1",
    /"high" in row 1 of column _rlnVoltage/,
  ],
])("refuses %s", (_, text, name, message) => {
  expect(() => series(text, name)).toThrow(FormatError);
  expect(() => series(text, name)).toThrow(message);
});

test("a file of its own for each tilt series", () => {
  const tomograms = parseStar(
    GLOBAL.replace("_rlnTomoHand", "_rlnTomoTiltSeriesStarFile").replace("TS_1 -1", "TS_1 tilts/TS_1.star"),
  );
  expect(tiltSeriesFile(tomograms, "TS_1", where)).toBe("tilts/TS_1.star");
  const images = parseStar("data_TS_1\nloop_\n_rlnTomoYTilt\n-3\n3\n");
  expect(readTiltSeries(tomograms, "TS_1", { where, images, imagesWhere: "tilts/TS_1.star" }).images).toHaveLength(2);
});

test("tilt angles a line, or of SerialEM; what is none is refused with its line", () => {
  expect(readTiltAngles(" -60.0\r\n0\r\n60.5\n\n")).toEqual([-60, 0, 60.5]);
  expect(readTiltAngles("PixelSpacing = 1\n[ZValue = 0]\nTiltAngle = -3\n")).toEqual([-3]);
  expect(() => readTiltAngles("1\ntwo\n", { name: "a.tlt" })).toThrow('a.tlt, line 2: a tilt is "two", not a number');
  expect(() => readTiltAngles("1 2\n", { name: "a.tlt" })).toThrow("a.tlt, line 1");
  expect(() => readTiltAngles("100\n")).toThrow("a tilt of 100 degrees is impossible");
  expect(() => readTiltAngles("\n")).toThrow("there are no tilt angles");
});
