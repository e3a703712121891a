/** The boxes of examples however they are given, for verbs that compare particles with them. */
import { basename } from "node:path";
import { type ParticleBoxes, type ParticleBoxesOptions, readParticleBoxes } from "../../files/particles/index.js";
import { particleName } from "../../report/index.js";
import type { ImagingOptions } from "../../simulate/index.js";
import { type ExampleArgument, readExampleArgument, type VolumeArgument } from "./argument.js";
import { listOfImage, ofNamedClass } from "./example-list.js";
import { drawTemplate, type TemplatePose } from "./template.js";

/** Examples before it is known whether protein is dark in their files. */
export interface ExampleBoxSet {
  /** Of lists and single boxes, protein as it is in the files; undefined where there are none. */
  readonly measured: ParticleBoxes | undefined;
  /** File and position of each of these. */
  readonly sources: readonly string[];
  /** Of structures and maps, protein positive. */
  readonly drawn: readonly TemplatePose[];
}

/** How boxes are read, and how structures and maps are drawn. */
export interface ExampleBoxSetOptions extends ParticleBoxesOptions {
  readonly seed: number;
  readonly imaging?: Partial<ImagingOptions> | undefined;
}

/**
 * Reads `FILE` and `CLASS=FILE` arguments.
 * @throws FileError, FormatError, ConfigError, AbortError as reading and drawing do.
 */
export async function readExampleBoxes(
  given: readonly string[],
  options: ExampleBoxSetOptions,
): Promise<ExampleBoxSet> {
  const measured: ParticleBoxes[] = [];
  const drawn: TemplatePose[] = [];
  for (const argument of given) {
    const example = await readExampleArgument(argument);
    if (isTemplate(example)) for (const pose of await drawTemplate(example, drawingOf(options))) drawn.push(pose);
    else measured.push(await boxesOf(example, options));
  }
  return { measured: joined(measured, options.edge), sources: measured.flatMap(sourcesOf), drawn };
}

function sourcesOf({ path, list, grids }: ParticleBoxes): string[] {
  return list.particles.map(({ imageName }, index) => {
    const name = particleName(index, { imageName, centreVoxel: grids[index]?.centreVoxel });
    const row = name.startsWith("particle ") ? "" : `particle ${index + 1}; `;
    return `${basename(path)}, ${row}${name}`;
  });
}

/** Measured and drawn examples as one list, once protein is positive in all of them. */
export function allExampleBoxes(
  { measured, drawn }: ExampleBoxSet,
  { edge, voxelSizeAngstrom }: Pick<ParticleBoxesOptions, "edge" | "voxelSizeAngstrom">,
): ParticleBoxes {
  if (drawn.length === 0 && measured) return measured;
  const volumes = new Float32Array(drawn.length * edge ** 3);
  for (const [i, { volume }] of drawn.entries()) volumes.set(volume, i * edge ** 3);
  const poses: ParticleBoxes = {
    path: "structures and maps",
    list: {
      particles: drawn.map(({ className }) => ({ className, extra: {} })),
      ...{ origin: "first-voxel", voxelSizeAngstrom, coordinatePixelSizeAngstrom: undefined, warnings: [] },
    },
    volumes,
    grids: drawn.map(() => ({ shape: [edge, edge, edge], voxelSizeAngstrom })),
    warnings: [],
  };
  return joined(measured ? [measured, poses] : [poses], edge) ?? poses;
}

function isTemplate(example: ExampleArgument): example is VolumeArgument {
  return example.kind === "template";
}

function drawingOf({
  edge,
  voxelSizeAngstrom,
  fileVoxelSizeAngstrom,
  seed,
  imaging = {},
  signal,
}: ExampleBoxSetOptions) {
  return {
    ...{ edge, boxVoxelSizeAngstrom: voxelSizeAngstrom, voxelSizeAngstrom: fileVoxelSizeAngstrom },
    ...{ seed, imaging, signal },
  };
}

async function boxesOf(example: ExampleArgument, options: ParticleBoxesOptions): Promise<ParticleBoxes> {
  const { kind, path } = example;
  const boxes = await readParticleBoxes(path, kind === "image" ? { ...options, list: listOfImage(path) } : options);
  return { ...boxes, list: ofNamedClass(boxes.list, example) };
}

function joined(parts: readonly ParticleBoxes[], edge: number): ParticleBoxes | undefined {
  const [first, ...others] = parts;
  if (!first || others.length === 0) return first;
  const particles = parts.flatMap(({ list }) => list.particles);
  const volumes = new Float32Array(particles.length * edge ** 3);
  let at = 0;
  for (const part of parts) {
    volumes.set(part.volumes, at);
    at += part.volumes.length;
  }
  return {
    path: parts.map(({ path }) => path).join(", "),
    list: { ...first.list, particles },
    volumes,
    grids: parts.flatMap(({ grids }) => grids),
    warnings: [...new Set(parts.flatMap(({ warnings }) => warnings))],
  };
}
