import { basename } from "node:path";
import { realPath } from "../../files/disk/index.js";
import { besideTomograms, listedVoxelSize, readParticleBoxes } from "../../files/particles/index.js";
import { adaptVolumes, measureAdaptation, type StatedContrast } from "../../infer/index.js";
import { classNameOf, commonFact, exampleClassOf, type ParticleList, statedContrast } from "../../io/index.js";
import { checkNumberedTomograms, type ExampleArgument, placeOfExample, readExampleList } from "../examples/index.js";
import type { ExampleBox, ExampleBoxes, ExampleSettings, ExampleSpecimen } from "./example-box.js";
import { cutExamples, type ListedExample } from "./example-tomogram.js";
import { statedVoxelSizeOf } from "./stated-voxel-size.js";

/**
 * A particle list of any format or the box of one particle: boxes cut out of tomograms, or the particles' own images where none has a position.
 * @throws FileError, FormatError, ConfigError, AbortError.
 */
export async function boxesOfList(argument: ExampleArgument, settings: ExampleSettings): Promise<ExampleBoxes> {
  const { path } = argument;
  const like = settings.examplesTomogramPath ?? settings.tomogramPaths[0];
  const list = await readList(argument, like, settings);
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
      assumptions: [],
    };
  checkNumberedTomograms(particles, path, settings);
  const assumptions = new Set<string>();
  const places: string[] = [];
  for (const particle of particles) {
    const { path: tomogramPath, isAssumed } = await placeOfExample(particle, path, settings);
    if (isAssumed) assumptions.add(`${path} names no tomogram: its positions were taken to be in ${tomogramPath}`);
    places.push(tomogramPath);
  }
  const { voxelSizeAngstrom } = settings;
  const read = (tomogram: string) => readList(argument, tomogram, settings);
  const placed = await besideTomograms({ list, voxelSizeAngstrom, tomogramPath: like, read }, places);
  const inTomograms = new Map<string, ListedExample[]>();
  for (const example of examples) {
    const inPlace = { ...example, particle: placed[example.index]! };
    const own = inTomograms.get(places[example.index]!);
    if (own) own.push(inPlace);
    else inTomograms.set(places[example.index]!, [inPlace]);
  }
  const boxes: (ExampleBox & ListedExample)[] = [];
  const specimens = new Map<string, ExampleSpecimen>();
  for (const [tomogramPath, own] of inTomograms) {
    const stated =
      listedVoxelSize({ origin, particles: own.map(({ particle }) => particle) }, path) ??
      (await statedVoxelSizeOf(tomogramPath, settings));
    const { boxes: cut, skewness } = await cutExamples(
      tomogramPath,
      { listPath: path, origin, examples: own, listedVoxelSize: stated },
      settings,
    );
    const specimen = await realPath(tomogramPath);
    for (const box of cut) boxes.push({ ...box, specimen });
    specimens.set(specimen, {
      ...{ name: tomogramPath, skewness, stated: contrastByList(path, own) },
      listedVoxelSize: stated,
    });
  }
  return { boxes: boxes.sort((a, b) => a.index - b.index), specimens, assumptions: [...assumptions] };
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

function readList(
  argument: ExampleArgument,
  tomogram: string | undefined,
  { voxelSizeAngstrom }: ExampleSettings,
): Promise<ParticleList> {
  return readExampleList(argument, {
    ...{ voxelSizeAngstrom, tomogram },
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
    restored: settings.adapt,
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
