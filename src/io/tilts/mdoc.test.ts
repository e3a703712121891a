import { expect, test } from "vitest";
import { looksLikeMdoc, readMdoc } from "./mdoc.js";

const TEXT = `PixelSpacing = 1.5\r
ImageFile = TS_1.mrc
ImageSize = 4096 4000

[T = a title = with signs]

[ZValue = 0]
TiltAngle = -3.01
[ZValue = 1]
TiltAngle = none
`;

test("globals, sections and tilts", () => {
  expect(looksLikeMdoc(TEXT)).toBe(true);
  expect(readMdoc(TEXT)).toMatchObject({
    imageFile: "TS_1.mrc",
    pixelSpacingAngstrom: 1.5,
    imageSize: [4096, 4000],
    kilovolt: undefined,
    tiltDegrees: [-3.01],
  });
  expect(readMdoc(TEXT).images).toHaveLength(2);
  expect(() => readMdoc("PixelSpacing = 1\n", { name: "a.mdoc" })).toThrow(
    "a.mdoc: there is no [ZValue = ...] section",
  );
});
