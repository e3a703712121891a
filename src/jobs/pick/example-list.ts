import { basename } from "node:path";
import { ConfigError } from "../../errors.js";
import { fileExists, realPath } from "../../files/disk/index.js";
import { locate, readParticleBoxes } from "../../files/particles/index.js";
import { adaptVolumes, measureAdaptation, type StatedContrast } from "../../infer/index.js";
import {
  classNameOf,
  commonFact,
  exampleClassOf,
  isSameTomogram,
  type Particle,
  type ParticleList,
  statedContrast,
} from "../../io/index.js";
import { type ExampleArgument, readExampleList } from "../examples/index.js";
import type { ExampleBox, ExampleBoxes, ExampleSettings, ExampleSpecimen } from "./example-box.js";
import { cutExamples, type ListedExample } from "./example-tomogram.js";

/**
 * A particle list of any format or the box of one particle: boxes cut out of tomograms, or the particles' own images where none has a position.
 * @throws FileError, FormatError, ConfigError, AbortError.
 */
export async function boxesOfList(argument: ExampleArgument, settings: ExampleSettings): Promise<ExampleBoxes> {
  const { path } = argument;
  const list = await readList(argument, settings);
  const { particles, origin, warnings } = list;
  for (const warning of warnings) settings.onWarning?.(`${path}: ${warning}`);
  const examples = particles.map((particle, index) => ({
    ...{ particle, index },
    className: settings.anyClass
      ? (classNameOf(particle) ?? "negative")
      : exampleClassOf(particle, `${path}, particle ${index + 1}`),
  }));
  if (particles.every(({ positionAngstrom }) => positionAngstrom === undefined))
    return {
      boxes: await boxesOfImages(path, list, examples, settings),
      specimens: new Map([[path, { name: path, stated: contrastByList(path, examples) }]]),
    };
  const inTomograms = new Map<string, ListedExample[]>();
  for (const example of examples) {
    const tomogramPath = await tomogramOf(example.particle, path, settings);
    inTomograms.set(tomogramPath, [...(inTomograms.get(tomogramPath) ?? []), example]);
  }
  const boxes: (ExampleBox & ListedExample)[] = [];
  const specimens = new Map<string, ExampleSpecimen>();
  for (const [tomogramPath, own] of inTomograms) {
    const { boxes: cut, skewness } = await cutExamples(
      tomogramPath,
      { listPath: path, origin, examples: own },
      settings,
    );
    const specimen = await realPath(tomogramPath);
    for (const box of cut) boxes.push({ ...box, specimen });
    specimens.set(specimen, { name: tomogramPath, skewness, stated: contrastByList(path, own) });
  }
  return { boxes: boxes.sort((a, b) => a.index - b.index), specimens };
}

/** The contrast that a list states of all these examples. */
function contrastByList(path: string, examples: readonly ListedExample[]): StatedContrast | undefined {
  const stated = commonFact(
    examples.map(({ particle }) => particle),
    path,
    statedContrast,
  );
  return stated && { dark: stated === "dark", by: basename(path) };
}

function readList(argument: ExampleArgument, settings: ExampleSettings): Promise<ParticleList> {
  const { voxelSizeAngstrom, examplesTomogramPath, tomogramPaths } = settings;
  return readExampleList(argument, {
    ...{ voxelSizeAngstrom, tomogram: examplesTomogramPath ?? tomogramPaths[0] },
    tomogramVoxelSizeAngstrom: voxelSizeAngstrom,
    tomogramWhereNeeded: true,
  });
}

async function boxesOfImages(
  path: string,
  list: ParticleList,
  examples: readonly ListedExample[],
  settings: ExampleSettings,
): Promise<ExampleBox[]> {
  const { edge, boxVoxelSizeAngstrom, voxelSizeAngstrom: fileVoxelSizeAngstrom, signal, onProgress } = settings;
  const { volumes, warnings } = await readParticleBoxes(path, {
    ...{ list, edge, voxelSizeAngstrom: boxVoxelSizeAngstrom, fileVoxelSizeAngstrom, signal, onProgress },
  });
  for (const warning of warnings) settings.onWarning?.(warning);
  const adapted = settings.adapt ? adaptVolumes(volumes, edge, measureAdaptation(volumes, edge)) : volumes;
  return examples.map(({ className, index }) => ({
    className,
    volume: adapted.subarray(index * edge ** 3, (index + 1) * edge ** 3),
    source: `${basename(path)}, particle ${index + 1}`,
    specimen: path,
  }));
}

/** The file that an example's position refers to. @throws ConfigError when that is not clear. */
async function tomogramOf(
  { tomogramName }: Particle,
  listPath: string,
  { tomogramPaths, examplesTomogramPath }: ExampleSettings,
): Promise<string> {
  if (examplesTomogramPath !== undefined) return examplesTomogramPath;
  if (tomogramName !== undefined) {
    const path = await locate(listPath, tomogramName);
    if (await fileExists(path)) return path;
    const [same, ...others] = tomogramPaths.filter((other) => isSameTomogram(other, tomogramName));
    if (same !== undefined && others.length === 0) return same;
  }
  const [only, ...others] = tomogramPaths;
  if (only !== undefined && others.length === 0) return only;
  throw new ConfigError(
    `${listPath}: ${tomogramName === undefined ? "the examples name no tomogram" : `there is no tomogram ${tomogramName}`}, and ${tomogramPaths.length} are searched`,
    { hint: "Say which tomogram the examples are in: --examples-tomogram FILE." },
  );
}
