import { numberAttribute, xmlRecords, xmlValue } from "../../text/xml.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { quaternionFromZxz, zxzFromQuaternion } from "../model/euler.js";
import { classNumbering, tomogramNumbering } from "../model/numbering.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scaled, scoreText, voxelSizeToRead } from "../model/placement.js";

/**
 * DeepFinder's object list: voxels from the first, TOM's angles phi, psi, the; the score is the size of the cluster of
 * voxels that an object was found as.
 */
export const deepFinderCodec: ParticleCodec = {
  label: "DeepFinder object list",
  holds: {
    orientation: true,
    unoriented: true,
    score: true,
    classes: "number",
    tomograms: "number",
    extra: /^deepfinder_obj_id$/,
  },
  inVoxels: true,
  decode: decodeObjects,
  encode: encodeObjects,
};

function decodeObjects(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const elements = xmlRecords(textOf(bytes), { root: "objlist", record: "object", name });
  const voxelSize = voxelSizeToRead(options, name);
  const particles = elements.map((element, index): Particle => {
    const number = (attribute: string) => numberAttribute(element, attribute, `${name}, object ${index + 1}`);
    const stated = (attribute: string) => (element.attributes.get(attribute) ?? "None") !== "None";
    const [x, y, z] = ["x", "y", "z"].map(number);
    const id = element.attributes.get("obj_id");
    return {
      positionAngstrom: scaled({ x, y, z }, voxelSize),
      ...(["phi", "psi", "the"].every(stated) && {
        orientation: quaternionFromZxz({
          phiDegrees: number("phi"),
          psiDegrees: number("psi"),
          thetaDegrees: number("the"),
        }),
      }),
      ...(stated("cluster_size") && { score: number("cluster_size") }),
      classNumber: number("class_label"),
      ...(stated("tomo_idx") && { tomogramName: String(element.attributes.get("tomo_idx")) }),
      extra: id === undefined ? {} : { deepfinder_obj_id: id },
    };
  });
  return voxelList(particles, voxelSize);
}

function encodeObjects(list: ParticleList, options: EncodeOptions): string {
  const { particles } = list;
  const positions = positionsInVoxels(list, options);
  const classes = classNumbering(particles);
  const tomograms = tomogramNumbering(particles);
  const objects = particles.map((particle, index) => {
    const { orientation, score, tomogramName, extra } = particle;
    const { x, y, z } = positions[index];
    const attributes: [string, string][] = [
      ["tomo_idx", String(tomograms.get(tomogramName ?? "") ?? 0)],
      ["obj_id", extra.deepfinder_obj_id ?? String(index + 1)],
      ["class_label", String(classes.get(classLabel(particle) ?? "") ?? 0)],
      ["x", decimalText(x)],
      ["y", decimalText(y)],
      ["z", decimalText(z)],
    ];
    if (orientation) {
      const { phiDegrees, psiDegrees, thetaDegrees } = zxzFromQuaternion(orientation);
      attributes.push(
        ["phi", decimalText(phiDegrees)],
        ["psi", decimalText(psiDegrees)],
        ["the", decimalText(thetaDegrees)],
      );
    }
    if (score !== undefined) attributes.push(["cluster_size", scoreText(score)]);
    return `  <object ${attributes.map(([key, value]) => `${key}="${xmlValue(value)}"`).join(" ")}/>\n`;
  });
  return `<objlist>\n${objects.join("")}</objlist>\n`;
}
