import { join } from "node:path";
import { withStagedFiles } from "../../files/disk/index.js";
import { loadModel, nodeRuntime } from "../../files/model/index.js";
import {
  classifyEmbeddings,
  classSimilarities,
  compareOrientations,
  type EmbeddedDataSet,
  type Embedder,
  embedDataSet,
  type LabelledExamples,
  leaveOneOut,
  type OrientationEvidence,
} from "../../infer/index.js";
import { keptWarnings } from "../../progress.js";
import { disagreementWarnings } from "../examples/index.js";
import { combineMasksOf, refineMasks } from "../masks/index.js";
import { contrastText, voxelSizeText } from "../search/index.js";
import type { Classified } from "./classified.js";
import { type ClassifyInputs, readInputs } from "./inputs.js";
import { type ClassifyOptions, type ClassifyResult, type ClassifySettings, settingsOf } from "./options.js";
import { writeClassified } from "./output.js";
import { runInformation } from "./report.js";

/**
 * Gives each particle of a list the class of the example it is most like, a probability, a margin and a mask:
 * writes `classified.star` (the list with these columns added), `masks/` (one MRC a particle, on the particle's own grid),
 * `report.html` and `classified.json`.
 * @throws ConfigError when a result is there already; FormatError for fewer than two classes; FileError, FormatError,
 * ModelError as reading does; AbortError.
 */
export async function classify(options: ClassifyOptions): Promise<ClassifyResult> {
  const { warnings, onWarning } = keptWarnings(options.onWarning);
  const settings = { ...settingsOf(options), onWarning };
  const { outputFolder, overwrite } = settings;
  return withStagedFiles(outputFolder, { lastFile: "classified.star", overwrite }, async (files) => {
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    await using model = await loadModel(settings.modelPath, settings);
    const inputs = await readInputs(model.embedder, settings);
    const classified = { ...(await classifyInputs(model.embedder, inputs, settings)), warnings };
    await writeClassified(files, classified, runInformation(classified, model.label, seconds(), settings), settings);
    return { ...resultOf(classified, model.label, settings), seconds: seconds() };
  });
}

/** Embeds both lists, refines the masks of the particles, and compares. */
async function classifyInputs(
  embedder: Embedder,
  inputs: ClassifyInputs,
  settings: ClassifySettings,
): Promise<Omit<Classified, "warnings">> {
  const { testTimeAveraging, adapt, crf, commonMasks, proportions, onProgress, onWarning, signal } = settings;
  const { names, labels, supports, exampleSources, queries } = inputs;
  const { description } = embedder;
  const classes = { classCount: names.length, description };
  const examples = await embedDataSet(embedder, supports.volumes, { spectra: true, adapt, testTimeAveraging, signal });
  const labelled = { embedded: examples.embedded, labels, classCount: names.length };
  for (const warning of disagreementWarnings({
    examples: labelled,
    ...{ names, description, sources: labels.map((_, i) => exampleSources[i]) },
  }))
    onWarning?.(warning);
  const total = queries.grids.length;
  const particles = await embedDataSet(embedder, queries.volumes, {
    ...{ spectra: true, adapt, testTimeAveraging, signal },
    onProgress: (done) => onProgress?.({ stage: "classifying and segmenting", done, total }),
  });
  const { masks: predicted } = particles.embedded;
  const { masks, refinements } = predicted
    ? await refineMasks(particles.adapted, queries.volumes, predicted, {
        ...{ crf, signal },
        onProgress: (stage, done) => onProgress?.({ stage, done, total }),
      })
    : { masks: undefined, refinements: [] };
  const evidence = await evidenceOf(particles, labelled, description, settings);
  const results = classifyEmbeddings(particles.embedded, examples.embedded, labels, {
    ...{ ...classes, evidence, proportions },
  });
  const own = masks && {
    ...{ volumes: queries.volumes, masks, names, embedded: particles.embedded },
    labels: results.map(({ classIndex }) => classIndex),
  };
  const common =
    commonMasks && own
      ? await combineMasksOf(own, {
          ...description,
          geometry: particles.adaptation.geometry,
          onProgress,
          onWarning,
          signal,
        })
      : undefined;
  return {
    ...inputs,
    description,
    supported: examples.embedded,
    masks: common?.masks ?? masks,
    combined: common?.combined,
    refinements,
    results,
    adaptations: { examples: examples.adaptation, particles: particles.adaptation },
    agreement: agreementOf(labels, leaveOneOut(examples.embedded, labels, classes)),
  };
}

/** What orientations tell of the particles' classes, where that is wanted. */
async function evidenceOf(
  { embedded, adaptation }: EmbeddedDataSet,
  examples: LabelledExamples,
  description: Embedder["description"],
  { compareOrientations: wanted, threads, onProgress, signal }: ClassifySettings,
): Promise<OrientationEvidence | undefined> {
  if (!wanted || description.similarity !== "cosine") return undefined;
  const similarities = classSimilarities(embedded, examples, description);
  return compareOrientations(
    nodeRuntime,
    { embedded, examples, similarities },
    {
      ...{ tiltDegrees: adaptation.geometry?.tiltDegrees, threads, signal },
      onProgress: (stage, done, total) => onProgress?.({ stage, done, total }),
    },
  );
}

/** Of the examples whose class has others, how many these others recognise. */
function agreementOf(labels: readonly number[], found: readonly (number | undefined)[]): Classified["agreement"] {
  const judged = [...labels.keys()].filter((row) => found[row] !== undefined);
  if (judged.length === 0) return undefined;
  const doubtful = judged.filter((row) => found[row] !== labels[row]);
  return { recognised: judged.length - doubtful.length, of: judged.length, doubtful };
}

function resultOf(
  { names, labels, results, masks, combined, agreement, contrast, tomogram, warnings }: Classified,
  model: string,
  { outputFolder, seed }: ClassifySettings,
): Omit<ClassifyResult, "seconds"> {
  const margins = results.map(({ margin }) => margin).sort((a, b) => a - b);
  return {
    starPath: join(outputFolder, "classified.star"),
    reportPath: join(outputFolder, "report.html"),
    masksFolder: masks && join(outputFolder, "masks"),
    particles: results.length,
    classes: names.map((name, label) => ({
      name,
      supports: labels.filter((other) => other === label).length,
      particles: results.filter(({ classIndex }) => classIndex === label).length,
    })),
    medianMargin: margins[Math.floor(margins.length / 2)] ?? Number.NaN,
    combined,
    ...(agreement && { exampleAgreement: agreement }),
    model,
    contrast: contrastText(contrast.particles),
    voxelSize: tomogram && voxelSizeText(tomogram),
    warnings,
    seed,
  };
}
