/** Boxes of a list's particles, of the size that was asked for, and where they are. */
import { ConfigError, FormatError } from "../../../errors.js";
import type { Particle, ParticleList } from "../../../io/index.js";
import { normaliseInPlace, rescaleFourier, type Vector3, type Volume } from "../../../volume/index.js";
import { createCutter } from "../box-cutter.js";
import type { OwnBoxes } from "../own-box.js";
import type { WarningCounter } from "../warning-counter.js";
import type { OpenSubtomogramsOptions } from "./subtomogram-options.js";
import { minus, plus, times } from "./vectors.js";

/** A particle's box, protein bright, of zero mean and unit variance. */
export interface PlacedBox {
  readonly box: Volume;
  /** Where its centre is in the tomogram, counted as the list counts; undefined for lists without positions. */
  readonly centreAngstrom: Vector3 | undefined;
}

/** Boxes of particles: their own, else cut out of tomograms, of which one is open at a time. */
export interface PlacedBoxes extends AsyncDisposable {
  /** @throws FileError, FormatError that name the particle; ConfigError where a box must be cut and its edge is not given. */
  read(particle: Particle, where: string): Promise<PlacedBox>;
  /** Whether more of the box lies outside of its tomogram than may. @throws as `read`. */
  isOutside(particle: Particle, where: string): Promise<boolean>;
}

/** What the boxes are read from. */
interface BoxSource {
  readonly path: string;
  readonly own: OwnBoxes;
  readonly doubts: WarningCounter;
}

/** Opens nothing before the first box is read. */
export function createPlacedBoxes(
  list: ParticleList,
  { path, own, doubts }: BoxSource,
  options: OpenSubtomogramsOptions,
): PlacedBoxes {
  const cutter = createCutter(list, path, { ...options, edgeIn: (voxelSize) => cutEdge(options, voxelSize, path) });
  const prepared = (box: Volume, where: string) => normalised(sized(box, options, where), options, where);
  return {
    [Symbol.asyncDispose]: cutter.close,
    isOutside: async (particle, where) => !own.has(particle) && (await cutter.isOutside(particle, where, doubts)),
    async read(particle, where) {
      if (own.has(particle)) {
        const box = await own.read(particle, where, doubts);
        return { box: prepared(box, where), centreAngstrom: imageCentre(particle) };
      }
      const { box, centreVoxel, tomogram } = await cutter.box(particle, where, doubts);
      const fromFirst = times(centreVoxel, tomogram.voxelSizeAngstrom);
      const isCentred = list.origin === "tomogram-centre";
      const centreAngstrom = isCentred ? minus(fromFirst, times(tomogram.sizeAngstrom, 0.5)) : fromFirst;
      return { box: prepared(box, where), centreAngstrom };
    },
  };
}

/** The centre of a particle's own image in its tomogram. */
export function imageCentre({ positionAngstrom, imageOriginAngstrom }: Particle): Vector3 | undefined {
  return positionAngstrom && imageOriginAngstrom ? plus(positionAngstrom, imageOriginAngstrom) : positionAngstrom;
}

/** In the tomogram's own voxels; where others are asked for, half a voxel more on each side. */
function cutEdge({ edge, voxelSizeAngstrom }: OpenSubtomogramsOptions, ofTomogram: number, path: string): number {
  if (edge === undefined)
    throw new ConfigError("boxes are cut out of the tomogram, and their edge is not given", {
      where: path,
      hint: "Give the voxels along an edge of the box (--box-size).",
    });
  if (voxelSizeAngstrom === undefined || isSameSize(voxelSizeAngstrom, ofTomogram)) return edge;
  return 2 * Math.ceil((edge * voxelSizeAngstrom) / ofTomogram / 2) + 2;
}

/** Headers round voxel sizes. */
export function isSameSize(a: number, b: number): boolean {
  return Math.abs(a / b - 1) < 1e-3;
}

/** The box with the edge and voxel size that were asked for. @throws FormatError for one that is no cube. */
function sized(box: Volume, wanted: OpenSubtomogramsOptions, where: string): Volume {
  const [nz, ny, nx] = box.shape;
  if (nz !== ny || ny !== nx) throw new FormatError(`its box has ${nx} x ${ny} x ${nz} voxels and is no cube`, where);
  const voxelSizeAngstrom = wanted.voxelSizeAngstrom ?? box.voxelSizeAngstrom;
  const edge = wanted.edge ?? Math.round((nx * box.voxelSizeAngstrom) / voxelSizeAngstrom);
  if (edge === nx && isSameSize(voxelSizeAngstrom, box.voxelSizeAngstrom)) return box;
  return rescaleFourier(box, { voxelSizeAngstrom, shape: [edge, edge, edge] });
}

/** @throws FormatError */
function normalised(box: Volume, { inverted = false }: OpenSubtomogramsOptions, where: string): Volume {
  const data = inverted ? box.data.map((value) => -value) : box.data.slice();
  if (data.some((value) => !Number.isFinite(value)))
    throw new FormatError("its box holds values that are not numbers", where, {
      hint: "Remove the particle, or write the volume anew without NaN or infinity.",
    });
  if (data.every((value) => value === data[0]))
    throw new FormatError("its box is the same value everywhere", where, {
      hint: "Check the coordinates: the particle may lie outside the tomogram.",
    });
  normaliseInPlace(data);
  return { ...box, data };
}
