import { FormatError } from "../../errors.js";
import { quotedExcerpt, readDecimal } from "../text/number.js";
import { looksLikeMdoc, readMdoc } from "./mdoc.js";

/**
 * Tilt angles in degrees of SerialEM's .mdoc, or of IMOD's .tlt and .rawtlt: a number a line.
 * @throws FormatError that names the line, for what is no angle between -90 and 90, and for a file without any.
 */
export function readTiltAngles(text: string, { name = "tilt angles" }: { name?: string } = {}): number[] {
  const angles = looksLikeMdoc(text) ? [...readMdoc(text, { name }).tiltDegrees] : anglesByLine(text, name);
  if (angles.length === 0)
    throw new FormatError("there are no tilt angles", name, {
      hint: "Expected .mdoc with TiltAngle, or .tlt or .rawtlt with an angle in degrees a line.",
    });
  const wrong = angles.find((angle) => !(angle >= -90 && angle <= 90));
  if (wrong !== undefined)
    throw new FormatError(`a tilt of ${wrong} degrees is impossible`, name, {
      hint: "Tilts lie between -90 and 90 degrees.",
    });
  return angles;
}

function anglesByLine(text: string, name: string): number[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const value = line.trim();
    if (value === "") return [];
    if (/\s/.test(value))
      throw new FormatError(`${quotedExcerpt(value)} is more than one number`, `${name}, line ${index + 1}`);
    return [readDecimal(value, "a tilt", `${name}, line ${index + 1}`)];
  });
}
