import { ConfigError, FormatError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";
import { isRecord, type JsonRecord, numberOf, parseJson } from "../../text/json.js";
import { classLabel } from "../model/classes.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { classNumbering } from "../model/numbering.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { type PlacementOptions, positionsInVoxels, voxelSizeOfList, voxelSizeToWrite } from "../model/placement.js";

/**
 * EMAN2's info file of a tomogram (`info/NAME_info.json`): `boxes_3d` of x, y, z, method, score and class. With `apix_unbin`
 * they count in unbinned pixels from the tomogram's voxel n/2 (rounded down); without, in voxels from the first.
 * Source: SaveJson in e2spt_boxer.py.
 */
export const eman2Codec: ParticleCodec = {
  label: "EMAN2 info file",
  fileName: /_info\.json$/i,
  holds: { orientation: false, score: true, classes: "name", tomograms: "one", extra: false },
  decode: decodeInfo,
  encode: encodeInfo,
};

function decodeInfo(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { name } = options;
  const info = parseJson(textOf(bytes), name);
  if (!isRecord(info) || !Array.isArray(info.boxes_3d)) throw new FormatError("there is no list boxes_3d", name);
  const unbinned = info.apix_unbin === undefined ? undefined : numberOf(info.apix_unbin, "apix_unbin", name);
  const classes = isRecord(info.class_list) ? info.class_list : {};
  // Unbinned pixels are not those of a binned tomogram, and need not be.
  const { voxelSizeAngstrom: scale, warnings } = voxelSizeOfList(
    unbinned,
    unbinned === undefined ? options : { voxelSizeAngstrom: options.voxelSizeAngstrom },
    name,
  );
  const centre = unbinned === undefined ? { x: 0, y: 0, z: 0 } : centreAngstrom(options, name);
  const particles = (info.boxes_3d as unknown[]).map((box, index): Particle => {
    const where = `${name}, box ${index + 1}`;
    if (!Array.isArray(box) || box.length < 3) throw new FormatError("a box has fewer than three numbers", where);
    const [x, y, z, , score, label] = box as unknown[];
    const number = label === undefined ? undefined : numberOf(label, "the class", where);
    const className = number === undefined ? undefined : nameOf(classes[String(number)]);
    return {
      positionAngstrom: {
        x: numberOf(x, "x", where) * scale + centre.x,
        y: numberOf(y, "y", where) * scale + centre.y,
        z: numberOf(z, "z", where) * scale + centre.z,
      },
      ...(score !== undefined && score !== 0 && { score: numberOf(score, "the score", where) }),
      ...(number !== undefined && { classNumber: number }),
      ...(className !== undefined && { className }),
      extra: {},
    };
  });
  if (unbinned === undefined) return voxelList(particles, scale, warnings);
  const list = voxelList(
    particles,
    options.tomogramVoxelSizeAngstrom ?? options.voxelSizeAngstrom ?? unbinned,
    warnings,
  );
  return isPoint(options.tomogramSizeAngstrom) ? { ...list, origin: "tomogram-centre" } : list;
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  return isRecord(entry) && typeof entry.name === "string" ? entry.name : undefined;
}

/** A size of zero leaves positions where EMAN2 counts them from, which is how they can be shown without a tomogram. */
function isPoint(size: Vector3 | undefined): boolean {
  return size !== undefined && Math.max(size.x, size.y, size.z) === 0;
}

/** The centre of voxel n/2, rounded down, of the tomogram that the boxes were picked in. */
function centreAngstrom(options: PlacementOptions, name: string): Vector3 {
  const { tomogramSizeAngstrom: size } = options;
  if (isPoint(size)) return { x: 0, y: 0, z: 0 };
  const voxelSize = options.tomogramVoxelSizeAngstrom ?? options.voxelSizeAngstrom;
  if (!size || voxelSize === undefined)
    throw new ConfigError("boxes count from the centre of the tomogram, whose size is not known", {
      where: name,
      hint: "Give the tomogram (--tomogram), or its size in unbinned pixels and theirs in Å (--size x,y,z --voxel-size A).",
    });
  const centre = (edge: number) => Math.floor(Math.round(edge / voxelSize) / 2) * voxelSize;
  return { x: centre(size.x), y: centre(size.y), z: centre(size.z) };
}

function encodeInfo(list: ParticleList, options: EncodeOptions): string {
  const { particles } = list;
  const voxelSize = voxelSizeToWrite(list, options);
  const boxSize = options.boxSizeVoxels ?? 32;
  const classes = classNumbering(particles);
  // In unbinned pixels where the tomogram's size is known, which EMAN2 prefers; else in voxels from the first.
  const centred = options.tomogramSizeAngstrom !== undefined;
  const centre = centred
    ? centreAngstrom({ ...options, tomogramVoxelSizeAngstrom: voxelSize }, "EMAN2 info file")
    : { x: 0, y: 0, z: 0 };
  const from = (value: number, offset: number) => Number((value - offset / voxelSize).toFixed(6)) + 0;
  const boxes = positionsInVoxels(list, options).map(({ x, y, z }, index) => [
    from(x, centre.x),
    from(y, centre.y),
    from(z, centre.z),
    "cosnet",
    particles[index].score ?? 0,
    classes.get(classLabel(particles[index]) ?? "") ?? 0,
  ]);
  const file: JsonRecord = {
    ...(centred && { apix_unbin: voxelSize }),
    boxes_3d: boxes,
    class_list: Object.fromEntries(
      classes.size > 0
        ? [...classes].map(([label, number]) => [String(number), { name: label, boxsize: boxSize }])
        : [["0", { name: "particle", boxsize: boxSize }]],
    ),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}
