import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { fileExists, packageVersion, type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { loadModel } from "../../files/model/index.js";
import { contrastWarnings, type ParticleBoxes, readParticleBoxes } from "../../files/particles/index.js";
import {
  type Adaptation,
  adaptedEmbedder,
  classifyEmbeddings,
  describeAdaptation,
  type EmbedOptions,
  embedHalfTurns,
  leaveOneOut,
  measureAdaptation,
  noAdaptation,
} from "../../infer/index.js";
import { classesOfExamples } from "../../io/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";
import { type CrfChoice, crfParameters, type MaskRefinement, refineMasks } from "../masks/index.js";
import { writeClassified } from "./output.js";

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
  /** Average embeddings and masks over the half turns that keep the missing wedge: four times the cost. */
  readonly averageTurns?: boolean | undefined;
  readonly threads?: number | undefined;
  /** How the outlines are refined. Default "fitted". */
  readonly crf?: CrfChoice | undefined;
  /** Turn boxes to the tilt geometry the network knows and damp excess noise, as measured on each list. Default true. */
  readonly adapt?: boolean;
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
  /** Of the examples whose class has others: how many these others recognise. Absent when every class has one. */
  readonly exampleAgreement?: {
    readonly recognised: number;
    readonly of: number;
    readonly doubtful: readonly number[];
  };
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
  const { outputFolder, onProgress, signal, seed = DEFAULT_SEED } = options;
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
    const { names, labels } = classesOfExamples(supports.list, supports.path);
    const queries = await readParticleBoxes(options.particlesPath, reading);
    for (const warning of new Set([...supports.warnings, ...queries.warnings, ...contrastWarnings(supports, options)]))
      options.onWarning?.(warning);

    const adaptations = [supports, queries].map(({ volumes }) =>
      (options.adapt ?? true) ? measureAdaptation(volumes, edge) : noAdaptation,
    ) as [Adaptation, Adaptation];
    const embed = ({ volumes }: ParticleBoxes, adaptation: Adaptation, embedding: EmbedOptions) => {
      const adapted = adaptedEmbedder(embedder, adaptation);
      return options.averageTurns ? embedHalfTurns(adapted, volumes, embedding) : adapted.embed(volumes, embedding);
    };
    const supported = await embed(supports, adaptations[0], { signal });
    const agreement = exampleAgreement(
      labels,
      leaveOneOut(supported, labels, { classCount: names.length, description: embedder.description }),
    );
    const total = queries.grids.length;
    const predicted = await embed(queries, adaptations[1], {
      signal,
      onProgress: (done) => onProgress?.({ stage: "classifying and segmenting", done, total }),
    });
    const { crf = "fitted" } = options;
    const parameters = crfParameters(crf);
    const adapted = adaptedEmbedder(embedder, adaptations[1]);
    const { masks, refinements } = predicted.masks
      ? await refineMasks(adapted, queries.volumes, predicted.masks, { crf, onProgress, signal })
      : { refinements: [] };
    const embedded = { ...predicted, ...(masks && { masks }) };
    const results = classifyEmbeddings(embedded, supported, labels, {
      classCount: names.length,
      description: embedder.description,
    });
    const run = {
      command: options.command ?? "classify()",
      seed,
      version: packageVersion(),
      model,
      durationSeconds: (performance.now() - start) / 1000,
      facts: [
        ...factsOf(supports, queries, options),
        ["examples as measured", describeAdaptation(adaptations[0])],
        ["particles as measured", describeAdaptation(adaptations[1])],
        ...agreementFacts(agreement),
        ...refinementFacts(crf, refinements),
      ] as [string, string][],
    };
    const refinement = parameters && { choice: crf, parameters, particles: refinements };
    const data = { names, labels, supports, supported, queries, embedded, results, embedder, refinement };
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
      ...(agreement && { exampleAgreement: agreement }),
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

/** How many examples the others would give their own class; `doubtful` are rows of the list, from 0. */
function exampleAgreement(
  labels: readonly number[],
  found: readonly (number | undefined)[],
): ClassifyResult["exampleAgreement"] {
  const judged = labels.map((_, row) => row).filter((row) => found[row] !== undefined);
  if (judged.length === 0) return undefined;
  const doubtful = judged.filter((row) => found[row] !== labels[row]);
  return { recognised: judged.length - doubtful.length, of: judged.length, doubtful };
}

function agreementFacts(agreement: ClassifyResult["exampleAgreement"]): [string, string][] {
  if (!agreement) return [];
  const { recognised, of, doubtful } = agreement;
  const rows = doubtful.length > 0 ? `; not rows ${doubtful.map((row) => row + 1).join(", ")} of their list` : "";
  return [["examples recognised by the others of all classes", `${recognised} of ${of}${rows}`]];
}

function refinementFacts(crf: CrfChoice, refinements: readonly MaskRefinement[]): [string, string][] {
  if (refinements.length === 0) return [];
  const flagged = refinements.filter((refinement) => refinement.flagged).length;
  return [["outlines", `refined by the CRF (${crf}); ${flagged} would have changed too much and were left`]];
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
