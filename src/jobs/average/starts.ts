/** What averages begin from, where examples are given. */
import { ConfigError } from "../../errors.js";
import { fileExists } from "../../files/disk/index.js";
import { openSubtomograms, readParticleListFile } from "../../files/particles/index.js";
import { createSubtomogramMaker, type KnownStart } from "../../infer/index.js";
import { classNameOf, exampleClassOf } from "../../io/index.js";
import { type ExampleArgument, listOfImage, ofNamedClass, readExampleArgument } from "../examples/index.js";
import { type OpenedParticles, readMapOnGrid } from "../subtomograms/index.js";
import { type ClassRows, ONLY_CLASS } from "./classes.js";
import type { AverageSettings } from "./options.js";

/** Of each class the examples that its average may begin from. */
export type Starts = ReadonlyMap<string, readonly KnownStart[]>;

/**
 * Reads the examples in boxes like the particles'.
 * @throws FileError, FormatError as reading does; ConfigError for a particle that the list does not have, and when no example is of
 * a class that is averaged.
 */
export async function readStarts(
  particles: OpenedParticles,
  classes: readonly ClassRows[],
  settings: AverageSettings,
): Promise<Starts> {
  const { examples = [], onWarning } = settings;
  const starts = new Map<string, KnownStart[]>();
  for (const argument of examples)
    for (const [className, start] of await startsOf(argument, particles, settings))
      starts.set(className, [...(starts.get(className) ?? []), start]);
  const [only] = classes;
  const [anything, ...others] = starts.values();
  if (classes.length === 1 && only?.name === ONLY_CLASS && anything && others.length === 0)
    return new Map([[ONLY_CLASS, anything]]);
  const isKnown = (name: string) => particles.list.particles.some((particle) => classNameOf(particle) === name);
  const strangers = [...starts.keys()].filter((name) => !isKnown(name));
  if (starts.size > 0 && !classes.some(({ name }) => starts.has(name)))
    throw new ConfigError(`the examples are of ${[...starts.keys()].join(", ")}, and none of these is averaged`, {
      hint: `Averaged are ${classes.map(({ name }) => name).join(", ")}; CLASS=FILE names an example's class.`,
    });
  for (const name of strangers) onWarning?.(`examples of ${name} are not used: the list has no such class`);
  return starts;
}

type Start = readonly [className: string, start: KnownStart];

async function startsOf(argument: string, particles: OpenedParticles, settings: AverageSettings): Promise<Start[]> {
  if (/^[1-9]\d*$/.test(argument) && !(await fileExists(argument)))
    return [await listedParticle(Number(argument), particles, settings)];
  const example = await readExampleArgument(argument);
  if (example.kind === "template") return [[example.className, await mapStart(example.path, particles, settings)]];
  return particleStarts(example, particles, settings);
}

async function listedParticle(
  number: number,
  { list, read }: OpenedParticles,
  { particlesPath }: AverageSettings,
): Promise<Start> {
  const particle = list.particles[number - 1];
  if (!particle)
    throw new ConfigError(`there is no particle ${number} to begin from`, {
      where: particlesPath,
      hint: `The list has ${list.particles.length}, counted from 1.`,
    });
  const { subtomogram } = await read(number - 1);
  return [classNameOf(particle) ?? ONLY_CLASS, { subtomogram, isMap: false }];
}

async function mapStart(
  path: string,
  { edge, voxelSizeAngstrom }: OpenedParticles,
  { onWarning, onProgress, signal }: AverageSettings,
): Promise<KnownStart> {
  const { map } = await readMapOnGrid(
    path,
    { edge, voxelSizeAngstrom },
    {
      ...{ radiusAngstrom: (edge * voxelSizeAngstrom) / 2, onWarning, onProgress, signal },
      voxelSizeHint: "Write it into the map's header; `cosnet info` shows what a file states.",
    },
  );
  const everything = new Float32Array(edge ** 2 * (Math.floor(edge / 2) + 1)).fill(1);
  return { subtomogram: createSubtomogramMaker(edge)(map.data, everything), isMap: true };
}

async function particleStarts(
  example: ExampleArgument,
  { edge, voxelSizeAngstrom, contrast }: OpenedParticles,
  settings: AverageSettings,
): Promise<Start[]> {
  const { kind, path } = example;
  const { tomogramPath, tiltRangeDegrees, tiltsPath, multiplyByCtf, onWarning, onProgress, signal } = settings;
  const placement = { tomogramPath, voxelSizeAngstrom: settings.voxelSizeAngstrom };
  const read = kind === "image" ? listOfImage(path) : (await readParticleListFile(path, placement)).list;
  const list = ofNamedClass(read, example);
  await using reader = await openSubtomograms(path, {
    ...{ list, tomogramPath, tiltRangeDegrees, tiltsPath, multiplyByCtf, onProgress, signal },
    ...{ edge, voxelSizeAngstrom, fileVoxelSizeAngstrom: settings.voxelSizeAngstrom },
  });
  const starts: Start[] = [];
  for (const [row, particle] of list.particles.entries()) {
    const className = exampleClassOf(particle, `${path}, particle ${row + 1}`);
    const { subtomogram } = await reader.read(row);
    const { spectrum } = subtomogram;
    if (contrast.isDark(particle)) for (let i = 0; i < spectrum.length; i++) spectrum[i] = -spectrum[i]!;
    starts.push([className, { subtomogram, isMap: false }]);
  }
  for (const warning of [...list.warnings, ...reader.warnings()]) onWarning?.(`${path}: ${warning}`);
  return starts;
}
