import type { Vector3 } from "../../../volume/index.js";
import { numberAttribute, type XmlElement, xmlRecords, xmlValue } from "../../text/xml.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { quaternionFromZxz, zxzFromQuaternion } from "../model/euler.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import {
  decimalText,
  plus,
  positionsInVoxels,
  scaled,
  scoreText,
  voxelSizeToRead,
  voxelSizeToWrite,
} from "../model/placement.js";

/**
 * PyTom's particle list: PickPosition in voxels from the first, the middle of the particle's own volume, to which Shift is added; Rotation by Z1, X, Z2 in this
 * order, from the reference to the particle. Source: PyTom's structures and angles (zxzToMat).
 */
export const pytomCodec: ParticleCodec = {
  label: "PyTom particle list",
  fileName: /\.xml$/i,
  holds: { orientation: true, score: true, classes: "name", tomograms: "name", extra: false, images: true },
  inVoxels: true,
  decode: decodeList,
  encode: encodeList,
};

function decodeList(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const elements = xmlRecords(textOf(bytes), { root: "ParticleList", record: "Particle", name });
  const voxelSize = voxelSizeToRead(options, name);
  const particles = elements.map((element, index) => particleOf(element, voxelSize, `${name}, particle ${index + 1}`));
  return voxelList(particles, voxelSize);
}

function particleOf(element: XmlElement, voxelSize: number, where: string): Particle {
  const child = (name: string) => element.children.find((candidate) => candidate.name === name);
  const [pick, shift, rotation, score] = ["PickPosition", "Shift", "Rotation", "Score"].map(child);
  const coordinate = (axis: string) =>
    (numberAttribute(pick, axis, where) + numberAttribute(shift, axis, where, 0)) * voxelSize;
  const shiftOf = (axis: string) => numberAttribute(shift, axis, where, 0) * voxelSize;
  const moved = { x: shiftOf("X"), y: shiftOf("Y"), z: shiftOf("Z") };
  const isMoved = moved.x !== 0 || moved.y !== 0 || moved.z !== 0;
  const image = element.attributes.get("Filename");
  const tomogram = pick?.attributes.get("Origin");
  const label = child("Class")?.attributes.get("Name");
  return {
    ...(pick && { positionAngstrom: { x: coordinate("X"), y: coordinate("Y"), z: coordinate("Z") } }),
    ...(rotation && {
      orientation: quaternionFromZxz({
        phiDegrees: numberAttribute(rotation, "Z1", where),
        thetaDegrees: numberAttribute(rotation, "X", where),
        psiDegrees: numberAttribute(rotation, "Z2", where),
      }),
    }),
    ...(score?.attributes.has("Value") && { score: numberAttribute(score, "Value", where) }),
    ...(label && { className: label }),
    ...(tomogram && { tomogramName: tomogram }),
    ...(image && { imageName: image }),
    ...(image && isMoved && { imageOriginAngstrom: scaled(moved, -1) }),
    extra: {},
  };
}

function encodeList(list: ParticleList, options: EncodeOptions): string {
  const positions = positionsInVoxels(list, options);
  const voxelSize = voxelSizeToWrite(list, options);
  const particles = list.particles.map((particle, index) => {
    const { orientation, score, tomogramName, imageName, imageOriginAngstrom } = particle;
    const position = positions[index];
    const shift = imageOriginAngstrom ? scaled(imageOriginAngstrom, -1 / voxelSize) : { x: 0, y: 0, z: 0 };
    const { phiDegrees, thetaDegrees, psiDegrees } = zxzFromQuaternion(orientation);
    const file = imageName ?? `particle_${index}.em`;
    const label = classLabel(particle);
    return [
      `  <Particle Filename="${xmlValue(file)}">`,
      `    <Rotation Z1="${decimalText(phiDegrees)}" Z2="${decimalText(psiDegrees)}" X="${decimalText(thetaDegrees)}"/>`,
      `    <Shift ${xyz(shift)}/>`,
      `    <PickPosition ${xyz(plus(position, shift, -1))} Origin="${xmlValue(tomogramName ?? "")}"/>`,
      ...(score === undefined ? [] : [`    <Score Type="FLCFScore" Value="${scoreText(score)}"/>`]),
      ...(label === undefined ? [] : [`    <Class Name="${xmlValue(label)}"/>`]),
      "  </Particle>",
    ].join("\n");
  });
  return `<ParticleList>\n${particles.join("\n")}\n</ParticleList>\n`;
}

/** 'X="1" Y="2" Z="3"'. */
function xyz({ x, y, z }: Vector3): string {
  return `X="${decimalText(x)}" Y="${decimalText(y)}" Z="${decimalText(z)}"`;
}
