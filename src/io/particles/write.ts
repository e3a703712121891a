import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import { PARTICLE_CODECS, type ParticleFormat } from "./formats.js";
import { classLabel } from "./model/classes.js";
import type { EncodeOptions, Holdings, ListContent } from "./model/codec.js";
import { extraNames } from "./model/columns.js";
import { classNumbering, numberingText, tomogramNumbering } from "./model/numbering.js";
import type { Particle, ParticleList } from "./model/particle-list.js";
import { voxelSizeToWrite } from "./model/placement.js";
import { renamingText } from "./model/renaming.js";

/** The format, and what it asks for. */
export interface WriteParticleListOptions extends Partial<EncodeOptions> {
  readonly format: ParticleFormat;
}

/** The content of a file of particles, and what became of the list in it. */
export interface WrittenParticleList {
  readonly content: Uint8Array | string;
  /** What the format has no room for and is not in the file, in words: orientations, scores, classes. */
  readonly lost: readonly string[];
  /** What coordinates in voxels count in, for formats that have them. */
  readonly voxelSizeAngstrom: number | undefined;
  /** What else the reader of the file should know: further columns left out, what numbers stand for. */
  readonly notes: readonly string[];
}

/** The same, a long text in pieces that are made when they are asked for. */
interface EncodedParticleList extends Omit<WrittenParticleList, "content"> {
  readonly content: ListContent;
}

/**
 * The content of a file of particles. Nothing is lost silently: `lost` and `notes` say what.
 * @throws ConfigError when the list has several tomograms or classes and a file of the format is of one; when a particle
 * has no position; when a voxel size or tomogram size that the format needs is not known.
 */
export function writeParticleList(list: ParticleList, options: WriteParticleListOptions): WrittenParticleList {
  const { content, ...rest } = encodeParticleList(list, options);
  const isWhole = typeof content === "string" || content instanceof Uint8Array;
  return { content: isWhole ? content : [...content].join(""), ...rest };
}

/**
 * The same, in pieces.
 * @throws ConfigError as `writeParticleList`, of single particles when their piece is asked for.
 */
export function encodeParticleList(list: ParticleList, options: WriteParticleListOptions): EncodedParticleList {
  const { format, comments = [], ...rest } = options;
  const { label, holds, inVoxels, writtenClassName, encode } = PARTICLE_CODECS[format];
  const { particles } = list;
  const lost: string[] = [];
  const notes: string[] = [];
  const [classes, tomograms] = [new Set<string | undefined>(), new Set<string | undefined>()];
  for (const particle of particles) {
    classes.add(classLabel(particle));
    tomograms.add(particle.tomogramName);
  }
  const checkOne = (what: "tomogram" | "class", held: Holdings["classes"], { size }: ReadonlySet<unknown>) => {
    if (held === "one" && size > 1)
      throw new ConfigError(`a ${label} is of one ${what}, and the particles are of ${size}`, {
        hint: `Write a file for each: put {${what}} in the output's name.`,
      });
  };
  if (holds.nothing === false && particles.length === 0)
    throw new ConfigError(`a ${label} cannot be without particles`, {
      hint: "Write STAR, CSV, JSON or XML: an empty list of theirs is read again.",
    });
  checkOne("tomogram", holds.tomograms, tomograms);
  checkOne("class", holds.classes, classes);
  const lose = (what: string, held: boolean, has: (particle: Particle) => boolean) => {
    const affected = held ? 0 : particles.reduce((count, particle) => (has(particle) ? count + 1 : count), 0);
    if (affected > 0) lost.push(`the ${what} of ${affected} ${affected === 1 ? "particle" : "particles"}`);
  };
  lose("orientations", holds.orientation, ({ orientation }) => orientation !== undefined);
  lose("scores", holds.score, ({ score }) => score !== undefined);
  if (holds.orientation && !holds.unoriented) {
    const without = particles.filter(({ orientation }) => orientation === undefined).length;
    if (without > 0 && without < particles.length)
      notes.push(`the orientation of ${countText(without, "particle")} is not known, and written as no rotation`);
  }
  if (classes.size > 1) lose("classes", holds.classes !== "none", (particle) => classLabel(particle) !== undefined);
  if (writtenClassName) {
    checkApart(classes, writtenClassName, label);
    const renamed = renamingText(classes, writtenClassName);
    if (renamed !== undefined) notes.push(renamed);
  }
  const classNumbers = holds.classes === "number" && numberingText(classNumbering(particles));
  if (classNumbers) notes.push(`classes are numbered: ${classNumbers}`);
  const tomogramNumbers = holds.tomograms === "number" && numberingText(tomogramNumbering(particles));
  if (tomogramNumbers) notes.push(`tomograms are numbered: ${tomogramNumbers}`);
  const held = (column: string) => (typeof holds.extra === "boolean" ? holds.extra : holds.extra.test(column));
  if (!holds.images && particles.some(({ imageName }) => imageName !== undefined))
    notes.push("left out: the names of the particles' images");
  const unheld = [...extraNames(particles)].filter((column) => !held(column));
  if (unheld.length > 0) notes.push(`left out: ${unheld.join(", ")}`);
  const voxelSizeAngstrom = inVoxels ? voxelSizeToWrite(list, rest) : undefined;
  return { content: encode(list, { comments, ...rest }), voxelSizeAngstrom, lost, notes };
}

/** @throws ConfigError when two classes would have one name. */
function checkApart(
  classes: ReadonlySet<string | undefined>,
  writtenName: (name: string) => string,
  label: string,
): void {
  const names = [...classes].flatMap((name) => (name === undefined ? [] : [writtenName(name)]));
  const known = new Set<string>();
  const twice = names.find((name) => known.size === known.add(name).size);
  if (twice === undefined) return;
  throw new ConfigError(`two classes would be called ${twice} in a ${label}`, {
    hint: "Rename them, or write a file for each: put {class} in the output's name.",
  });
}
