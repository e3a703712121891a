import { join } from "node:path";
import { ConfigError, FormatError } from "../errors.js";
import { classify as classifyEmbedded } from "../infer/index.js";
import { writeClassified } from "./classify-output.js";
import { fileExists } from "./files.js";
import { loadModel } from "./model-file.js";
import { packageVersion } from "./package-version.js";
import { type ParticleBoxes, readParticleBoxes } from "./particle-boxes.js";
import type { Progress } from "./progress.js";
import { type StagedFiles, withStagedFiles } from "./staged-files.js";

export interface ClassifyOptions extends Progress {
  /** STAR list of examples, one or more of each class; `cosnetClassName` or `rlnClassNumber` names the class. */
  readonly supportPath: string;
  /** STAR list of the particles to classify. */
  readonly particlesPath: string;
  readonly outputFolder: string;
  readonly modelPath?: string | undefined;
  /** Voxel size of the files, overriding lists and headers. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Protein is dark in the files. */
  readonly inverted?: boolean;
  /** Tomogram that coordinates refer to, where the lists do not name one. */
  readonly tomogramPath?: string | undefined;
  readonly threads?: number | undefined;
  readonly overwrite?: boolean;
  /** Written into the outputs; classification itself draws nothing at random. */
  readonly seed?: number;
  readonly command?: string;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

export interface ClassifyResult {
  readonly starPath: string;
  readonly reportPath: string;
  readonly masksFolder: string | undefined;
  readonly particles: number;
  readonly classes: readonly { readonly name: string; readonly supports: number; readonly particles: number }[];
  readonly medianMargin: number;
  readonly model: string;
  readonly contrast: string;
  readonly seed: number;
  readonly seconds: number;
}

/**
 * Gives each particle of a list the class of the example it is most like, a probability and a margin, and outlines it:
 * writes `classified.star` (the list with these columns added), `masks/` (one MRC a particle, on the particle's own grid),
 * `report.html` and `classified.json`.
 * @throws ConfigError when a result is there already; FormatError for fewer than two classes; FileError, FormatError,
 * ModelError as reading does; AbortError.
 */
export async function classify(options: ClassifyOptions): Promise<ClassifyResult> {
  return withStagedFiles(options.outputFolder, (files) => classifyInto(files, options));
}

async function classifyInto(files: StagedFiles, options: ClassifyOptions): Promise<ClassifyResult> {
  const start = performance.now();
  const { outputFolder, onProgress, signal, seed = 0 } = options;
  const starPath = join(outputFolder, "classified.star");
  if (!options.overwrite && (await fileExists(starPath)))
    throw new ConfigError(`${starPath} is there already`, { hint: "Give another --output, or --overwrite." });
  const { embedder, label: model } = await loadModel(options.modelPath, { threads: options.threads });
  try {
    const { edge, voxelSizeAngstrom } = embedder.description;
    const reading = {
      edge,
      voxelSizeAngstrom,
      fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
      inverted: options.inverted ?? false,
      tomogramPath: options.tomogramPath,
      signal,
      onProgress,
    };
    const supports = await readParticleBoxes(options.supportPath, reading);
    const { names, labels } = supportClasses(supports);
    const queries = await readParticleBoxes(options.particlesPath, reading);
    for (const warning of new Set([...supports.warnings, ...queries.warnings, ...contrastWarnings(supports, options)]))
      options.onWarning?.(warning);

    const supported = await embedder.embed(supports.volumes, { signal });
    const total = queries.grids.length;
    const embedded = await embedder.embed(queries.volumes, {
      signal,
      onProgress: (done) => onProgress?.({ stage: "classifying and segmenting", done, total }),
    });
    const results = classifyEmbedded(embedded, supported, labels, {
      classCount: names.length,
      description: embedder.description,
    });
    const run = {
      command: options.command ?? "classify()",
      seed,
      version: packageVersion(),
      model,
      durationSeconds: (performance.now() - start) / 1000,
      facts: factsOf(supports, queries, options),
    };
    const data = { names, labels, supports, supported, queries, embedded, results, embedder };
    await writeClassified(files, outputFolder, data, run, options);
    const margins = results.map(({ margin }) => margin).sort((a, b) => a - b);
    return {
      starPath,
      reportPath: join(outputFolder, "report.html"),
      masksFolder: embedded.masks && join(outputFolder, "masks"),
      particles: total,
      classes: names.map((name, label) => ({
        name,
        supports: labels.filter((other) => other === label).length,
        particles: results.filter(({ classIndex }) => classIndex === label).length,
      })),
      medianMargin: margins[Math.floor(margins.length / 2)]!,
      model,
      contrast: contrastText(options),
      seed,
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    await embedder.release();
  }
}

const contrastText = ({ inverted }: ClassifyOptions): string =>
  inverted ? "dark protein in the files, inverted for the network" : "bright protein in the files, taken as it is";

/** Class names in order of appearance, and the class of each support. */
function supportClasses({ path, list }: ParticleBoxes): { names: string[]; labels: number[] } {
  const names: string[] = [];
  const labels = list.particles.map(({ className, classNumber }, index) => {
    const name = className?.trim() || (classNumber === undefined ? "" : `class ${classNumber}`);
    if (name === "" || name === "None")
      throw new FormatError("the example does not say which class it is of", `${path}, particle ${index + 1}`, {
        hint: "Give every example a class name in column _cosnetClassName, or a number in _rlnClassNumber.",
      });
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name);
  });
  if (names.length < 2)
    throw new FormatError(`all examples are of one class, ${names[0]}`, path, {
      hint: "Give examples of at least two classes; without a second one every particle would be of the first.",
    });
  return { names, labels };
}

/** Protein should be brighter than its surroundings; examples that are darker in the middle hint at the other sign. */
function contrastWarnings({ volumes, grids }: ParticleBoxes, { inverted }: ClassifyOptions): string[] {
  const voxels = volumes.length / grids.length;
  const edge = Math.round(Math.cbrt(voxels));
  const centre = Math.floor(edge / 2);
  let inner = 0;
  let count = 0;
  for (let i = 0; i < volumes.length; i++) {
    const v = i % voxels;
    const [z, y, x] = [Math.floor(v / edge ** 2), Math.floor(v / edge) % edge, v % edge];
    if (Math.hypot(z - centre, y - centre, x - centre) > edge / 8) continue;
    inner += volumes[i]!;
    count++;
  }
  if (inner / count > -0.3) return [];
  return [
    `the examples are ${(inner / count).toFixed(1)} standard deviations darker in the middle than on average: ${
      inverted ? "was --invert needed?" : "if protein is dark in your files, add --invert"
    }`,
  ];
}

function factsOf(supports: ParticleBoxes, queries: ParticleBoxes, options: ClassifyOptions): [string, string][] {
  const sizes = [...new Set([...supports.grids, ...queries.grids].map((grid) => grid.voxelSizeAngstrom.toFixed(3)))];
  return [
    ["voxel size of the files", `${sizes.join(", ")} Å`],
    ["contrast", contrastText(options)],
    ["examples", options.supportPath],
    ["particles", options.particlesPath],
  ];
}
