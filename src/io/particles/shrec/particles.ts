import { FormatError } from "../../../errors.js";
import { isNumber } from "../../text/csv.js";
import { parseDecimal, readDecimal } from "../../text/number.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { quaternionFromZxz, zxzFromQuaternion } from "../model/euler.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scaled, voxelSizeToRead } from "../model/placement.js";

/**
 * The SHREC challenge's particle list: class, x, y, z in voxels from the first, and three angles in degrees: about z, the
 * fixed x and the fixed z, in this order, as PyTom's simulator applied them to the reference.
 */
export const shrecCodec: ParticleCodec = {
  label: "SHREC particle list",
  holds: { orientation: true, score: false, classes: "name", tomograms: "one", extra: false, nothing: false },
  inVoxels: true,
  writtenClassName: shrecName,
  decode: decodeShrec,
  encode: encodeShrec,
};

/** Whether the first lines are a name and three or six numbers. */
export function looksLikeShrec(text: string): boolean {
  const lines = text
    .split(/\r\n|\n|\r/, 12)
    .filter((line) => line.trim() !== "")
    .slice(0, 10);
  return (
    lines.length > 0 &&
    lines.every((line) => {
      const [name, ...rest] = line.trim().split(/\s+/);
      return !isNumber(name) && (rest.length === 3 || rest.length === 6) && rest.every(isNumber);
    })
  );
}

function decodeShrec(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const voxelSize = voxelSizeToRead(options, name);
  const particles: Particle[] = [];
  for (const [index, line] of textOf(bytes)
    .split(/\r\n|\n|\r/)
    .entries()) {
    const [className, ...texts] = line.trim().split(/\s+/);
    if (!className || className.startsWith("#")) continue;
    const where = `${name}, line ${index + 1}`;
    if (texts.length !== 3 && texts.length !== 6)
      throw new FormatError("expected a class, x, y, z and, or not, three angles", where);
    const [x, y, z, phiDegrees, thetaDegrees = 0, psiDegrees = 0] = texts.map((text, i) =>
      readDecimal(text, `column ${i + 2}`, where),
    );
    const classNumber = parseDecimal(className);
    particles.push({
      positionAngstrom: scaled({ x, y, z }, voxelSize),
      ...(phiDegrees !== undefined && { orientation: quaternionFromZxz({ phiDegrees, thetaDegrees, psiDegrees }) }),
      ...(classNumber === undefined ? { className } : { classNumber }),
      extra: {},
    });
  }
  if (particles.length === 0) throw new FormatError("the list is empty", name);
  return voxelList(particles, voxelSize);
}

function encodeShrec(list: ParticleList, options: EncodeOptions): string {
  const positions = positionsInVoxels(list, options);
  const oriented = list.particles.some(({ orientation }) => orientation !== undefined);
  return list.particles
    .map((particle, index) => {
      const { x, y, z } = positions[index];
      const { phiDegrees, thetaDegrees, psiDegrees } = zxzFromQuaternion(particle.orientation);
      const numbers = oriented ? [x, y, z, phiDegrees, thetaDegrees, psiDegrees] : [x, y, z];
      return `${shrecName(classLabel(particle) ?? "particle")} ${numbers.map((value) => decimalText(value)).join(" ")}\n`;
    })
    .join("");
}

/** A line's first word; a number would read as a coordinate. */
function shrecName(className: string): string {
  const word = className.trim().replace(/\s+/g, "-");
  return isNumber(word) ? `class-${word}` : word;
}
