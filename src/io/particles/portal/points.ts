import { countText } from "../../../count-text.js";
import { FormatError } from "../../../errors.js";
import { quaternionToMatrix } from "../../../volume/index.js";
import { isRecord, numberOf, parseJson } from "../../text/json.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { positionsInVoxels, scaled, voxelSizeToRead } from "../model/placement.js";
import { matrixOf, rotationOfMatrix } from "../model/rotation-matrix.js";
import { columnNumber } from "../model/score.js";

/**
 * Annotations of the CryoET Data Portal: a JSON object a line, of type point, orientedPoint or instancePoint. Locations are
 * voxels of the annotated tomogram, from the first, which is 0; `xyz_rotation_matrix` takes the reference to the particle.
 * Source: the portal's ingestion, which divides by the binning of the tomogram and inverts RELION's angles.
 */
export const portalCodec: ParticleCodec = {
  label: "CryoET Data Portal annotation",
  fileName: /\.ndjson$/i,
  holds: {
    ...({ orientation: true, unoriented: true, score: false, classes: "one", tomograms: "one" } as const),
    extra: /^portal_instance_id$/,
    nothing: false,
  },
  inVoxels: true,
  decode: decodePoints,
  encode: encodePoints,
};

/** Whether a text begins with a point of the portal. */
export function looksLikePortalPoints(text: string): boolean {
  const [first = ""] = text.trimStart().split("\n", 1);
  return /"type" *: *"(?:point|orientedPoint|instancePoint)"/.test(first) && first.includes('"location"');
}

function decodePoints(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const voxelSize = voxelSizeToRead(options, name);
  const particles: Particle[] = [];
  let unrotated = 0;
  for (const [index, line] of textOf(bytes).split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = `${name}, line ${index + 1}`;
    const point = parseJson(line, where);
    if (!isRecord(point) || !isRecord(point.location)) throw new FormatError("there is no location", where);
    const [x, y, z] = [point.location.x, point.location.y, point.location.z];
    const matrix = point.xyz_rotation_matrix;
    const rotation =
      matrix === undefined ? undefined : rotationOfMatrix(matrixOf(matrix, 3, "xyz_rotation_matrix", where));
    if (matrix !== undefined && !rotation) unrotated++;
    const instance = point.instance_id;
    particles.push({
      positionAngstrom: scaled(
        { x: numberOf(x, "x", where), y: numberOf(y, "y", where), z: numberOf(z, "z", where) },
        voxelSize,
      ),
      ...(rotation && { orientation: rotation }),
      extra:
        typeof instance === "number" || typeof instance === "string" ? { portal_instance_id: String(instance) } : {},
    });
  }
  if (particles.length === 0) throw new FormatError("the list is empty", name);
  const warnings =
    unrotated > 0
      ? [`the matrices of ${countText(unrotated, "point")} are not rotations, and their orientations are left out`]
      : [];
  return voxelList(particles, voxelSize, warnings);
}

function encodePoints(list: ParticleList, options: EncodeOptions): string {
  const positions = positionsInVoxels(list, options);
  const round = (value: number, decimals: number) => Number(value.toFixed(decimals)) + 0;
  return list.particles
    .map(({ orientation, extra }, index) => {
      const { x, y, z } = positions[index];
      const matrix = orientation && quaternionToMatrix(orientation).map((value) => round(value, 12));
      const instance = columnNumber(extra, "portal_instance_id");
      const point = {
        type: matrix ? "orientedPoint" : instance === undefined ? "point" : "instancePoint",
        location: { x: round(x, 6), y: round(y, 6), z: round(z, 6) },
        ...(matrix && { xyz_rotation_matrix: [matrix.slice(0, 3), matrix.slice(3, 6), matrix.slice(6, 9)] }),
        ...(instance !== undefined && { instance_id: instance }),
      };
      return `${JSON.stringify(point)}\n`;
    })
    .join("");
}
