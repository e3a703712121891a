/** Particles of which each tilt image was cut out, as RELION 5 and WarpTools extract them. */
import { dirname } from "node:path";
import { FormatError } from "../../errors.js";
import type { TiltImage, TiltImages } from "../../infer/index.js";
import {
  type Particle,
  type ParticleList,
  readTiltSeries,
  type StarDocument,
  starVector,
  type TiltSeries,
  tiltSeriesFile,
  tomogramNameOf,
} from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import { readVolumeFile } from "../tomogram/index.js";
import { locate, locateFromProject } from "./linked-files.js";
import { readStarFile, tomogramsStarPath } from "./tomograms-star.js";
import type { WarningCounter } from "./warning-counter.js";

/** What makes a particle's image a stack of tilt images. */
export interface TiltStackReader {
  /** The images of a particle that show it. @throws FileError, FormatError that name the particle. */
  read(particle: Particle, where: string, doubts: WarningCounter): Promise<TiltImages>;
}

/** What is believed instead of the files, and which tomograms.star. */
export interface TiltStackOptions {
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** Default: beside the list, or named by the optimisation set beside it. */
  readonly tomogramsPath?: string | undefined;
}

/** What the particles' tilt series are read from; undefined where no tomograms.star is at hand. */
export async function openTiltStacks(
  list: ParticleList,
  listPath: string,
  { tomogramsPath, fileVoxelSizeAngstrom }: TiltStackOptions = {},
): Promise<TiltStackReader | undefined> {
  const path = tomogramsPath ?? (await tomogramsStarPath(listPath));
  if (path === undefined) return undefined;
  const tomograms = await readStarFile(path);
  const series = new Map<string, Promise<TiltSeries>>();
  return {
    async read(particle, where, doubts) {
      const own = await seriesOf(tomograms, path, particle, { series, where, listPath });
      for (const warning of own.warnings) doubts.add(warning);
      const file = await locate(listPath, particle.imageName!);
      const voxelSizeAngstrom = fileVoxelSizeAngstrom ?? particle.imageVoxelSizeAngstrom;
      const reading = await readVolumeFile(file, { voxelSizeAngstrom });
      if (reading.voxelSizeAngstrom === undefined)
        throw new FormatError("neither the list nor the file states a pixel size", file, {
          hint: "Give it with --voxel-size.",
        });
      const [count, height, width] = reading.volume.shape;
      if (height !== width) throw new FormatError(`its tilt images are ${width} x ${height} pixels, not square`, file);
      const depth = depthVector(particle, list, own, doubts);
      const sections = sectionsOf(particle, count, own, where, file);
      const isPremultiplied = premultiplied(list, particle, doubts);
      return {
        ...{ edge: width, pixelSizeAngstrom: reading.voxelSizeAngstrom, isPremultiplied },
        images: sections.map(({ frame, section }): TiltImage => {
          const { rotation, transfer, exposure } = own.images[frame]!;
          const pixels = reading.volume.data.subarray(section * width * width, (section + 1) * width * width);
          const slope = own.defocusSlope * (rotation[6] * depth.x + rotation[7] * depth.y + rotation[8] * depth.z);
          const placed = transfer && {
            ...transfer,
            defocusUAngstrom: transfer.defocusUAngstrom + slope,
            defocusVAngstrom: transfer.defocusVAngstrom + slope,
          };
          return { pixels, rotation, transfer: placed, exposure };
        }),
      };
    },
  };
}

/** @throws FormatError for a tomogram that is not in the file, which names the particle. */
async function seriesOf(
  tomograms: StarDocument,
  path: string,
  { tomogramName, imageName }: Particle,
  { series, where, listPath }: { series: Map<string, Promise<TiltSeries>>; where: string; listPath: string },
): Promise<TiltSeries> {
  if (tomogramName === undefined)
    throw new FormatError(`its image ${imageName} is a stack of tilt images, and no tomogram is named`, where, {
      hint: "Add rlnTomoName, which says whose tilt angles count.",
    });
  const known = series.get(tomogramName);
  if (known) return known;
  const read = async () => {
    const name = nameInFile(tomograms, tomogramName);
    const file = tiltSeriesFile(tomograms, name, path);
    if (file === undefined) return readTiltSeries(tomograms, name, { where: path });
    const imagesPath = (await locateFromProject(dirname(listPath), file)) ?? (await locate(path, file));
    const images = await readStarFile(imagesPath);
    return readTiltSeries(tomograms, name, { where: path, images, imagesWhere: imagesPath });
  };
  const reading = read();
  series.set(tomogramName, reading);
  return reading;
}

/** The name as the file has it, which may differ by an ending. */
function nameInFile({ blocks }: StarDocument, tomogram: string): string {
  const names = blocks.find(({ name }) => name === "global")?.tables[0]?.columns.get("rlnTomoName") ?? [];
  if (names.includes(tomogram)) return tomogram;
  return names.find((name) => tomogramNameOf(name) === tomogramNameOf(tomogram)) ?? tomogram;
}

/** From the tomogram's centre to the image's, along which defocus changes. */
function depthVector(
  { positionAngstrom, imageOriginAngstrom: origin = ZERO }: Particle,
  list: ParticleList,
  { centreAngstrom }: TiltSeries,
  doubts: WarningCounter,
): Vector3 {
  const centre = list.origin === "tomogram-centre" ? ZERO : centreAngstrom;
  if (!positionAngstrom || !centre) {
    doubts.add("a particle's depth is not known: its defocus is taken to be that of the tomogram's centre");
    return ZERO;
  }
  const along = (axis: "x" | "y" | "z") => positionAngstrom[axis] + origin[axis] - centre[axis];
  return { x: along("x"), y: along("y"), z: along("z") };
}

const ZERO: Vector3 = { x: 0, y: 0, z: 0 };

/** The sections of a stack, and which images of the tilt series they are: all, or only those in which the particle is visible. */
function sectionsOf(
  { extra }: Particle,
  count: number,
  { images, name }: TiltSeries,
  where: string,
  file: string,
): { readonly frame: number; readonly section: number }[] {
  const text = extra["rlnTomoVisibleFrames"];
  const visible = text === undefined ? images.map(() => 1) : starVector(text, `${where}, rlnTomoVisibleFrames`);
  if (visible.length !== images.length)
    throw new FormatError(
      `rlnTomoVisibleFrames has ${visible.length} frames, the tilt series ${name} ${images.length} images`,
      where,
      { hint: "Give the tomograms.star that the list was made with." },
    );
  const frames = [...visible.keys()].filter((frame) => visible[frame]! !== 0);
  if (count === images.length) return frames.map((frame) => ({ frame, section: frame }));
  if (count === frames.length) return frames.map((frame, section) => ({ frame, section }));
  throw new FormatError(
    `${file} holds ${count} images; the tilt series ${name} has ${images.length}, of which ${frames.length} show the particle`,
    where,
    { hint: "Give the tomograms.star that the list was made with, or extract the particles anew." },
  );
}

/** What the optics group says; RELION takes images for not multiplied where it says nothing. */
function premultiplied({ optics }: ParticleList, { opticsGroup }: Particle, doubts: WarningCounter): boolean {
  const column = optics?.columns.get("rlnCtfDataAreCtfPremultiplied");
  const row = optics?.columns.get("rlnOpticsGroup")?.indexOf(opticsGroup ?? "") ?? 0;
  const text = column?.[Math.max(0, row)];
  if (text === undefined)
    doubts.add(
      "the list does not say rlnCtfDataAreCtfPremultiplied: tilt images are taken for not multiplied by the CTF",
    );
  return text === "1" || text === "true";
}
