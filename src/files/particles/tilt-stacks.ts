/** Particles of which each tilt image was cut out, as RELION 5 and WarpTools extract them. */
import { FormatError } from "../../errors.js";
import type { TiltImage, TiltImages } from "../../infer/index.js";
import { hasImageStack, type Particle, type ParticleList, starVector, type TiltSeries } from "../../io/index.js";
import { fileExists } from "../disk/index.js";
import { readVolumeFile } from "../tomogram/index.js";
import { imagesAt } from "./images-at.js";
import { locate } from "./linked-files.js";
import { openTiltSeries, type TiltSeriesReader } from "./tilt-series.js";
import type { WarningCounter } from "./warning-counter.js";

/** What makes a particle's image a stack of tilt images. */
export interface TiltStackReader {
  /** The tomograms.star that says how the images were taken. */
  readonly tomogramsPath: string;
  /** The images of a particle that show it. @throws FileError, FormatError that name the particle. */
  read(particle: Particle, where: string, doubts: WarningCounter): Promise<TiltImages>;
}

/** What is believed instead of the files, and which tomograms.star. */
export interface TiltStackOptions {
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** Default: beside the list, or named by the optimisation set beside it. */
  readonly tomogramsPath?: string | undefined;
}

/**
 * Reads the stacks of tilt images that a list names; undefined where it names none that is there, or where no tomograms.star
 * says how the images were taken.
 */
export async function openTiltStacks(
  list: ParticleList,
  listPath: string,
  { tomogramsPath, fileVoxelSizeAngstrom }: TiltStackOptions = {},
): Promise<TiltStackReader | undefined> {
  const first = list.particles.find((particle) => isTiltStack(list, particle));
  if (!first || !(await fileExists(await locate(listPath, first.imageName!)))) return undefined;
  const series = await openTiltSeries(listPath, tomogramsPath);
  if (!series) return undefined;
  return {
    tomogramsPath: series.path,
    async read(particle, where, doubts) {
      const own = await seriesOf(series, particle, where);
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
      const images = imagesAt(particle, list, own, doubts);
      const sections = sectionsOf(particle, count, own, where, file);
      const isPremultiplied = premultiplied(list, particle, doubts);
      return {
        ...{ edge: width, pixelSizeAngstrom: reading.voxelSizeAngstrom, isPremultiplied },
        images: sections.map(({ frame, section }): TiltImage => {
          const pixels = reading.volume.data.subarray(section * width * width, (section + 1) * width * width);
          return { ...images[frame]!, pixels };
        }),
      };
    },
  };
}

/** Whether a particle's image is a stack of its own tilt images, not a slice of a stack of all particles' ("12@all.mrcs"). */
export function isTiltStack(list: ParticleList, particle: Particle): boolean {
  return hasImageStack(list, particle) && !particle.imageName!.includes("@");
}

/** @throws FormatError where no tomogram is named, which names the particle. */
function seriesOf(series: TiltSeriesReader, { tomogramName, imageName }: Particle, where: string): Promise<TiltSeries> {
  if (tomogramName !== undefined) return series.of(tomogramName);
  throw new FormatError(`its image ${imageName} is a stack of tilt images, and no tomogram is named`, where, {
    hint: "Add rlnTomoName, which says whose tilt angles count.",
  });
}

/** The sections of a stack, and which images of the tilt series they are: all, or only those in which the particle is visible. */
function sectionsOf(
  { extra }: Particle,
  count: number,
  { images, name }: TiltSeries,
  where: string,
  file: string,
): { readonly frame: number; readonly section: number }[] {
  const text = extra.rlnTomoVisibleFrames;
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
