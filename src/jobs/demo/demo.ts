import { join } from "node:path";
import { ConfigError, ModelError } from "../../errors.js";
import { type Interval, meanInterval, wilsonInterval } from "../../evaluate/index.js";
import { packageVersion, type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { loadModel } from "../../files/model/index.js";
import { boxAt, classifyEmbeddings, type Embedded, type Embedder } from "../../infer/index.js";
import { breathe, DEFAULT_SEED, type JobOptions, type JobResult } from "../../progress.js";
import { demoReport, type ReportClass, type ReportParticle } from "../../report/index.js";
import { type Complex, proceduralComplex } from "../../simulate/index.js";
import { createRandom, createVolume, gaussianFilterInPlace, type Random, type Volume } from "../../volume/index.js";
import { type LabelledParticles, maskDices, renderLabelledParticles } from "../benchmark/index.js";
import type { NetworkOptions } from "../search/index.js";
import { writeDemoFiles } from "./output.js";

/** How many particles of how many classes `demo` makes, and how noisy. */
export interface DemoOptions
  extends Partial<Omit<JobOptions, "overwrite" | "onWarning">>,
    Pick<NetworkOptions, "modelPath" | "threads"> {
  readonly classCount?: number;
  readonly particlesPerClass?: number;
  /** Infinity for no noise. */
  readonly snr?: number;
}

export const demoDefaults = {
  outputFolder: "cosnet-demo",
  classCount: 6,
  particlesPerClass: 12,
  snr: 0.5,
  seed: DEFAULT_SEED,
} as const;

/** What `demo` wrote, and how well it went. */
export interface DemoResult extends JobResult {
  readonly particlesPath: string;
  readonly classes: number;
  readonly particles: number;
  readonly correct: number;
  readonly accuracy: number;
  readonly accuracyCi95: Interval;
  readonly dice: number;
  readonly diceCi95: Interval;
  readonly snr: number;
}

/** Below this the complexes of the demo are small for tomography: they would show the noise rather than the method. */
const MINIMUM_KILODALTON = 250;
const NEIGHBOUR_KINDS = 8;

/**
 * Makes labelled particles of complexes that no model was trained on, takes the first of each class as its only example,
 * identifies and segments the others, and writes report.html, the particles and masks (MRC), and lists (STAR).
 * @throws ConfigError for impossible counts, ModelError for a model without masks, FileError when it cannot write.
 */
export async function demo(options: DemoOptions = {}): Promise<DemoResult> {
  const settings = settingsOf(options);
  return withStagedFiles(settings.outputFolder, {}, (files) => runDemo(settings, files));
}

type DemoSettings = ReturnType<typeof settingsOf>;

/** The options with every default filled in. @throws ConfigError for impossible counts. */
function settingsOf(options: DemoOptions) {
  const settings = { ...demoDefaults, command: "demo()", ...options };
  const { classCount, particlesPerClass } = settings;
  if (!(classCount >= 2 && classCount <= 12 && particlesPerClass >= 2 && particlesPerClass <= 200))
    throw new ConfigError(`a demo with ${classCount} classes of ${particlesPerClass} particles is not possible`, {
      hint: "Give 2 to 12 classes and 2 to 200 particles of each.",
    });
  return settings;
}

async function runDemo(settings: DemoSettings, files: StagedFiles): Promise<DemoResult> {
  const start = performance.now();
  const { outputFolder, classCount, snr, seed, command, onProgress, signal } = settings;
  await using model = await loadModel(settings.modelPath, settings);
  const { embedder } = model;
  // a text seed: it cannot meet the streams of a training, whose seeds are numbers
  const random = createRandom(`cosnet demo ${seed}`);
  const complexes = drawComplexes(random, classCount);
  const truth = await renderTruth(complexes, embedder, random, settings);
  const embedded = await embedder.embed(truth.volumes, {
    signal,
    onProgress: (done) => onProgress?.({ stage: "looking at particles", done, total: truth.labels.length }),
  });
  const scored = identify(embedded, truth, embedder, complexes);
  onProgress?.({ stage: "writing report and files", done: 0, total: 1 });
  await breathe(signal);
  const run = {
    command,
    seed,
    version: packageVersion(),
    model: model.label,
    durationSeconds: (performance.now() - start) / 1000,
    facts: factsOf(embedder, complexes, snr),
  };
  const report = demoReport({ ...scored, snr, run });
  await writeDemoFiles(files, { ...scored, report, snr, run }, settings);
  onProgress?.({ stage: "writing report and files", done: 1, total: 1 });
  const { particles } = scored;
  const correct = particles.filter((particle) => particle.trueClass === particle.predictedClass).length;
  const { mean, ci95 } = meanInterval(particles.flatMap(({ dice }) => dice ?? []));
  return {
    reportPath: join(outputFolder, "report.html"),
    particlesPath: join(outputFolder, "particles.star"),
    classes: classCount,
    particles: particles.length,
    correct,
    accuracy: correct / particles.length,
    accuracyCi95: wilsonInterval(correct, particles.length),
    dice: mean,
    diceCi95: ci95,
    snr,
    seed,
    model: model.label,
    seconds: (performance.now() - start) / 1000,
  };
}

function renderTruth(
  complexes: readonly Complex[],
  { description: { edge, voxelSizeAngstrom } }: Embedder,
  random: Random,
  { particlesPerClass, snr, onProgress, signal }: DemoSettings,
): Promise<LabelledParticles> {
  return renderLabelledParticles(complexes, {
    perClass: particlesPerClass,
    snr,
    random,
    neighbours: Array.from({ length: NEIGHBOUR_KINDS }, (_, i) => proceduralComplex(random.fork("neighbour", i))),
    imaging: { boxSize: edge, voxelSizeAngstrom },
    onProgress,
    signal,
  });
}

function drawComplexes(random: Random, count: number): Complex[] {
  return Array.from({ length: count }, (_, index) =>
    proceduralComplex(random.fork("complex", index), { minimumKilodalton: MINIMUM_KILODALTON }),
  );
}

/** The first particle of each class is its example; the others go to the class of the most similar example. */
function identify(
  { embeddings, size, masks }: Embedded,
  truth: LabelledParticles,
  embedder: Embedder,
  complexes: readonly Complex[],
): { classes: ReportClass[]; particles: ReportParticle[] } {
  if (!masks) throw new ModelError("the demo needs a model that segments particles; this one has no decoder");
  const { labels, volumes } = truth;
  const { description } = embedder;
  const boxOf = (index: number) => boxAt(index, volumes, masks, description);
  const exampleOf = complexes.map((_, label) => labels.indexOf(label));
  const examples = exampleOf.flatMap((index) => [...embeddings.subarray(index * size, (index + 1) * size)]);
  const verdicts = classifyEmbeddings(
    { embeddings, size },
    { embeddings: Float32Array.from(examples), size },
    exampleOf.map((_, label) => label),
    { classCount: complexes.length, description },
  );
  const scores = maskDices(truth, masks);
  const particles: ReportParticle[] = [];
  labels.forEach((trueClass, index) => {
    if (exampleOf[trueClass] === index) return;
    const box = boxOf(index);
    const { classIndex: predictedClass, probability, margin } = verdicts[index]!;
    particles.push({
      name: `particle-${String(index + 1).padStart(3, "0")}`,
      box,
      trueClass,
      predictedClass,
      probability,
      margin,
      dice: scores[index]!,
    });
  });
  const classes = complexes.map((complex, label) => ({
    name: `Molecule ${"ABCDEFGHIJKL"[label]}`,
    description: `${massText(complex)}, ${Math.round(complex.radiusAngstrom / 5)} nm across`,
    examples: [boxOf(exampleOf[label]!)],
    shape: shapeOf(complex),
  }));
  return { classes, particles };
}

function massText({ massKilodalton }: Complex): string {
  return massKilodalton >= 1000 ? `${(massKilodalton / 1000).toFixed(1)} MDa` : `${Math.round(massKilodalton)} kDa`;
}

/** The complex's density on a fine grid, for a picture of the ground truth. */
function shapeOf({ positionsAngstrom, weights, radiusAngstrom }: Complex): { volume: Volume; level: number } {
  const edge = 64;
  const voxelSize = Math.max(3, (2.7 * radiusAngstrom) / edge);
  const volume = createVolume([edge, edge, edge], voxelSize);
  const index = (position: number) => Math.round(position / voxelSize) + edge / 2;
  for (let bead = 0; bead < weights.length; bead++) {
    const x = index(positionsAngstrom[3 * bead]!);
    const y = index(positionsAngstrom[3 * bead + 1]!);
    const z = index(positionsAngstrom[3 * bead + 2]!);
    if (Math.min(x, y, z) < 0 || Math.max(x, y, z) >= edge) continue;
    volume.data[(z * edge + y) * edge + x]! += weights[bead]!;
  }
  gaussianFilterInPlace(volume.data, volume.shape, 7.5 / voxelSize);
  const highest = volume.data.reduce((most, value) => Math.max(most, value), 0);
  return { volume, level: 0.25 * highest };
}

function factsOf(embedder: Embedder, complexes: readonly Complex[], snr: number): [string, string][] {
  const { edge, voxelSizeAngstrom } = embedder.description;
  return [
    ["Signal-to-noise ratio", `${snr === Infinity ? "no noise" : snr} (its definition is above)`],
    ["Boxes", `${edge} × ${edge} × ${edge} voxels of ${voxelSizeAngstrom} Å, random pose, up to 1.5 voxels off centre`],
    ["Imaging", "tilts to ±60°, 4 to 6 µm underfocus at 300 kV; every other particle among neighbours"],
    ["Molecules", complexes.map((complex) => `${complex.name} (${massText(complex)})`).join(", ")],
  ];
}
