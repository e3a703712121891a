import { type Given, given } from "./given.js";
import { eitherWay, flag, onUnlessNot, option } from "./option.js";
import { choiceOption, integerOption, numberOption, snrOption, voxelSizeOption } from "./option-values.js";

/** Options that several commands take, each declared once: the same name, the same form, the same words. */
export const model = option("<file>", "model to use instead of the one that ships with cosnet");

export const threads = option(
  "<count>",
  "threads for the network (default: as many as this process may use)",
  integerOption(1, 256),
);

export const device = option(
  "<name>",
  "where networks are computed: cpu (default), webgpu, or auto: webgpu where a graphics processor gives the same, and sooner",
  choiceOption("cpu", "webgpu", "auto"),
);

export const precisionChoice = choiceOption("float32", "int8");

export const precision = option(
  "<kind>",
  "what the networks compute in: float32, as they are trained, or int8, rounded to 8 bits, in a third of the time (default: int8 for models that hold ranges)",
  precisionChoice,
);

export const overwrite = flag("replace an earlier result in the same folder");

/** @param purpose what the command does with them, to end the sentence. */
export const structures = (purpose: string) =>
  option("<folders...>", `folders of structures (PDB, mmCIF) and maps (MRC) ${purpose}`);

export const snr = option("<ratio>", 'signal-to-noise ratio, or "inf" for no noise', snrOption, 0.5);

export const voxelSize = option("<angstrom>", "voxel size to use instead of the files'", voxelSizeOption);

export const particleDiameter = option(
  "<angstrom>",
  "rough diameter of the particles, if not 100 to 300 Å: viruses and vesicles are sampled with voxels of a twentieth of it",
  numberOption(20, 20_000),
);

/** Of particles and tomograms. */
export const invert = eitherWay("protein is dark (default: as the list says, else as measured)", "protein is bright");

/** Of examples, where that is not as in the particles and tomograms. */
export const invertExamples = eitherWay(
  "protein is dark where the examples are (default: as --invert says, else as their list says or as measured)",
  "protein is bright where the examples are",
);

export const tomogram = option("<file>", "tomogram to cut the particles from, where the lists name none");

export const detector = option(
  "<file>",
  'detector to use instead of the one that ships with cosnet, or "blob" for differences of Gaussians',
);

export const detectionThreshold = option(
  "<score>",
  "lowest detection score of a candidate (default: the detector's)",
  numberOption(0, 1),
);

export const testTimeAveraging = flag(
  "average over the four 180° rotations that keep the missing wedge: four times the cost",
);

export const crfChoice = choiceOption("off", "fitted", "paper");

export const crf = option(
  "<kind>",
  "refinement of masks: fitted (mean over the four 180° rotations, then a random field), paper or off",
  crfChoice,
  "fitted",
);

export const commonMasks = flag(
  "make masks with those of the particles of the same class, too, turned onto each other: 0.07 s a particle, and 10 s a class",
);

/** What became of the masks under `--common-masks`. */
export function commonMasksLine({
  combined,
  particles,
}: {
  readonly combined?: number | undefined;
  readonly particles: number;
}): string[] {
  return combined === undefined ? [] : [`Masks made with those of like particles: ${combined} of ${particles}.`];
}

export const adapt = onUnlessNot(
  "give the network the boxes as they are: neither rotated to its tilt geometry nor low-pass filtered, nor contrast transfer divided out by their Fourier weights",
);

export const orientations = onUnlessNot("compare by embeddings alone, without turning particles onto the examples");

export const proportions = onUnlessNot("take every class for as frequent as any other, whatever the list shows");

/** What jobs call the values of options that have the same meaning in every command. */
const JOB_NAMES = {
  adapt: "adapt",
  commonMasks: "commonMasks",
  crf: "crf",
  device: "device",
  detectionThreshold: "detectionThreshold",
  detector: "detector",
  invert: "inverted",
  invertExamples: "examplesInverted",
  learningRate: "peakLearningRate",
  model: "modelPath",
  orientations: "compareOrientations",
  output: "outputFolder",
  overwrite: "overwrite",
  particleDiameter: "particleDiameterAngstrom",
  precision: "precision",
  patience: "patience",
  proportions: "proportions",
  seed: "seed",
  steps: "steps",
  structures: "structureFolders",
  testTimeAveraging: "testTimeAveraging",
  threads: "threads",
  validateSteps: "validateSteps",
  voxelSize: "voxelSizeAngstrom",
  weights: "weightsPath",
} as const;
type JobNames = typeof JOB_NAMES;

/** Those values of a command's flags, under the names that jobs have for them. */
export function jobOptions<Flags extends object>(flags: Flags) {
  const entries = Object.entries(JOB_NAMES).map(([key, name]) => [name, flags[key as keyof Flags]]);
  return given(Object.fromEntries(entries)) as Given<{
    [Key in keyof Flags & keyof JobNames as JobNames[Key]]: Flags[Key];
  }>;
}
