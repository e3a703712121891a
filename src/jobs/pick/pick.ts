/** From whole tomograms and a few examples to every particle: search, embed, identify, write. */
import { rm } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import {
  ensureWritableFolder,
  fileExists,
  packageVersion,
  type StagedFiles,
  withStagedFiles,
} from "../../files/disk/index.js";
import { loadDetector, loadModel } from "../../files/model/index.js";
import {
  adaptedEmbedder,
  describeAdaptation,
  type Embedded,
  embedHalfTurns,
  type Supports,
} from "../../infer/index.js";
import { isNegativeClass } from "../../io/index.js";
import { breathe } from "../../progress.js";
import { pickReport, type RunInformation } from "../../report/index.js";
import { createVolume } from "../../volume/index.js";
import {
  type SearchedTomogram,
  scaledDetector,
  scaledEmbedder,
  searchScale,
  searchTomogram,
  workFolderFor,
} from "../search/index.js";
import { identifyCandidates } from "./identify.js";
import { type PickedTomogram, writeLists } from "./lists.js";
import { maskNameOf, writeMasks } from "./masks.js";
import { simulateBank } from "./open-set.js";
import { checkPickOptions, type PickOptions, pickDefaults } from "./options.js";
import { reportGallery, reportTomogram } from "./report-data.js";
import { readSupports, type SupportBox } from "./supports.js";

export interface PickResult {
  readonly picksPath: string;
  readonly candidatesPath: string;
  readonly csvPath: string;
  readonly reportPath: string;
  readonly picks: number;
  readonly candidates: number;
  readonly classes: readonly { readonly name: string; readonly supports: number; readonly picks: number }[];
  readonly tomograms: readonly {
    readonly path: string;
    readonly picks: number;
    readonly candidates: number;
    readonly contrast: string;
    /** Tilt geometry and noise as measured, and what was done about them. */
    readonly asMeasured: string;
    readonly voxelSizeAngstrom: number;
    /** What an earlier run, stopped before its end, had done already. */
    readonly resumedTiles: number;
    readonly seconds: Readonly<Record<string, number>>;
  }[];
  readonly model: string;
  readonly detector: string;
  readonly seed: number;
  readonly seconds: number;
}

/** Everything of a run that is neither a tomogram nor a result. */
interface Bench {
  readonly names: readonly string[];
  readonly wantedClasses: number;
  readonly boxes: readonly SupportBox[];
  readonly supports: Supports;
  readonly supportMasks: Float32Array | undefined;
  readonly modelLabel: string;
  readonly detectorLabel: string;
  readonly threshold: number;
}

/** In the output folder: what a stopped run left, from which the next goes on. */
const WORK_FOLDER = ".pick-work";

/**
 * Finds and identifies the particles of tomograms: `picks.star`, `picks.csv`, `candidates.star`, `report.html` and
 * `picks.json`. Stopped and started again with the same options it goes on where it was.
 * @throws ConfigError for options, or when a result is there already; FileError, FormatError, ModelError as reading does;
 * AbortError.
 */
export async function pick(options: PickOptions): Promise<PickResult> {
  checkPickOptions(options);
  const { outputFolder } = options;
  const start = performance.now();
  await ensureWritableFolder(outputFolder);
  if (!options.overwrite && (await fileExists(join(outputFolder, "picks.star"))))
    throw new ConfigError(`${join(outputFolder, "picks.star")} is there already`, {
      hint: "Give another --output, or --overwrite.",
    });
  const result = await withStagedFiles(outputFolder, (files) => pickInto(files, options, start));
  if (!options.keepWork) await rm(join(outputFolder, WORK_FOLDER), { recursive: true, force: true });
  return result;
}

async function pickInto(files: StagedFiles, options: PickOptions, start: number): Promise<PickResult> {
  const { outputFolder, onWarning, signal, onProgress, imaging = {}, seed = pickDefaults.seed, threads } = options;
  const halfTurns = options.testTimeAveraging ?? pickDefaults.testTimeAveraging;
  const closedSet = options.closedSet ?? pickDefaults.closedSet;
  const workFolderOf = (path: string) => workFolderFor(join(resolve(outputFolder), WORK_FOLDER), path, options);
  const { detector: known, label: detectorLabel, threshold } = await loadDetector(options.detector, { threads });
  const { embedder: trained, label: modelLabel } = await loadModel(options.modelPath, { threads });
  const scale = searchScale(options.particleDiameterAngstrom, known);
  const [detector, embedder] = [scaledDetector(known, scale), scaledEmbedder(trained, scale)];
  const searched: SearchedTomogram[] = [];
  try {
    const { edge, voxelSizeAngstrom } = embedder.description;
    const reading = {
      ...{ edge, voxelSizeAngstrom, imaging, seed, workFolderOf, onWarning, onProgress, signal },
      fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
      dark: options.inverted,
      adapt: options.adapt ?? pickDefaults.adapt,
      tomogramPaths: options.tomogramPaths,
      supportTomogramPath: options.supportTomogramPath,
    };
    const examples = await readSupports(options.supports, reading);
    const negatives = await readSupports(options.negatives ?? [], { ...reading, anyClass: true });
    const { boxes, names, labels, wantedClasses } = classesOf(examples.boxes, negatives.boxes);
    if (closedSet && wantedClasses < 2)
      throw new ConfigError("with one class and --closed-set every candidate would be of it", {
        hint: "Give examples of a second class, or leave --closed-set out.",
      });
    const volumes = new Float32Array(boxes.length * edge ** 3);
    for (const [i, { volume }] of boxes.entries()) volumes.set(volume, i * edge ** 3);
    const embed = (data: Float32Array): Promise<Embedded> =>
      halfTurns ? embedHalfTurns(embedder, data, { signal }) : embedder.embed(data, { signal });
    const embedded = await embed(volumes);
    const isCosine = embedder.description.similarity === "cosine";
    if (!closedSet && !isCosine)
      onWarning?.("this model compares by a trained distance: every candidate is given to one of the classes");
    const bench: Bench = {
      ...{ names, wantedClasses, boxes, modelLabel, detectorLabel },
      supports: { embedded, labels, classCount: names.length },
      supportMasks: embedded.masks,
      threshold: options.detectionThreshold ?? threshold,
    };
    const tomograms: PickedTomogram[] = [];
    const total = options.tomogramPaths.length;
    for (const [index, path] of options.tomogramPaths.entries()) {
      const found = await searchTomogram(
        path,
        {
          ...{ detector, embedder, detectorLabel, modelLabel, workFolderOf },
          minimumScore: bench.threshold,
          contrasts: new Map([...negatives.contrasts, ...examples.contrasts]),
          prefix: total > 1 ? `${index + 1} of ${total}: ` : "",
        },
        options,
      );
      searched.push(found);
      for (const warning of found.grid.warnings) onWarning?.(`${path}: ${warning}`);
      const bank =
        closedSet || !isCosine
          ? undefined
          : // Made-up complexes are as large in voxels as those of training, whatever the voxels are.
            await simulateBank(found, adaptedEmbedder(trained, found.adaptation), {
              imaging,
              halfTurns,
              seed,
              onProgress,
              signal,
            });
      const identified = identifyCandidates(found, bench.supports, {
        ...{ wantedClasses, bank, seed },
        learn: options.learn ?? pickDefaults.learn,
        description: embedder.description,
        cutOff: options.cutOff ?? pickDefaults.cutOff,
      });
      tomograms.push({ path, searched: found, identified });
      await breathe(signal);
    }
    if (options.masks) await writeMasks(files, tomograms, embedder, options);
    const gallery = await reportGallery(tomograms, embedder, { signal, onProgress });
    return await writeResult(files, { bench, tomograms, gallery, options, start, edge, voxelSizeAngstrom });
  } finally {
    for (const { grid } of searched) await grid.close();
    await detector.release();
    await embedder.release();
  }
}

/** Classes in order of appearance, those of negative examples last. @throws FormatError without a class to look for. */
function classesOf(examples: readonly SupportBox[], negatives: readonly SupportBox[]) {
  const wanted = examples.filter(({ className }) => !isNegativeClass(className));
  const unwanted = [...examples.filter(({ className }) => isNegativeClass(className)), ...negatives];
  if (wanted.length === 0)
    throw new FormatError("there is no example of a class to look for", "the examples", {
      hint: "Give examples whose class is not none, negative, background or junk.",
    });
  const names = [...new Set(wanted.map(({ className }) => className))];
  const wantedClasses = names.length;
  const labels = wanted.map(({ className }) => names.indexOf(className));
  for (const { className } of unwanted) {
    const name = isNegativeClass(className) ? className : `not wanted: ${className}`;
    const known = names.indexOf(name, wantedClasses);
    labels.push(known >= 0 ? known : names.push(name) - 1);
  }
  return { boxes: [...wanted, ...unwanted], names, labels, wantedClasses };
}

interface Writing {
  readonly bench: Bench;
  readonly tomograms: readonly PickedTomogram[];
  readonly gallery: Awaited<ReturnType<typeof reportGallery>>;
  readonly options: PickOptions;
  readonly start: number;
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
}

async function writeResult(files: StagedFiles, writing: Writing): Promise<PickResult> {
  const { bench, tomograms, gallery, options, start, edge, voxelSizeAngstrom } = writing;
  const { outputFolder, signal, seed = pickDefaults.seed } = options;
  const { names, wantedClasses, boxes, supports, supportMasks, modelLabel, detectorLabel } = bench;
  const all = tomograms.flatMap(({ identified, searched }) =>
    identified.identities.map((identity, i) => ({
      ...identity,
      accepted: identified.accepted[i]!,
      detectionScore: searched.candidates[i]!.score,
    })),
  );
  const picked = all.filter(({ accepted }) => accepted);
  const classes = names.slice(0, wantedClasses).map((name, label) => ({
    name,
    supports: supports.labels.filter((other) => other === label).length,
    picks: picked.filter(({ classIndex }) => classIndex === label).length,
  }));
  const settings = settingsOf(options, bench);
  const run: RunInformation = {
    command: options.command ?? "pick()",
    seed,
    version: packageVersion(),
    model: `${modelLabel}; detector ${detectorLabel}`,
    durationSeconds: (performance.now() - start) / 1000,
    facts: Object.entries(settings).map(([name, value]) => [name, String(value)]),
  };
  const dependence = tomograms.flatMap(({ identified, path }) =>
    identified.dependence.map(({ support, ...rest }) => ({
      source: `${boxes[support]!.source}${tomograms.length > 1 ? ` (for ${path})` : ""}`,
      classIndex: supports.labels[support]!,
      ...rest,
    })),
  );
  const reported = [];
  for (const tomogram of tomograms) reported.push(await reportTomogram(tomogram, { signal }));
  const comments = [
    `Picked by cosnet ${run.version}: ${run.model}, seed ${seed}`,
    `Classes: ${names.map((name, label) => `${label + 1} = ${name}`).join(", ")}; 0 = none of them`,
    "cosnetProbability: of being of the class; rlnAutopickFigureOfMerit: that times cosnetDetectionScore.",
  ];
  const supportBoxes = (label: number) =>
    supports.labels.flatMap((other, i) =>
      other === label
        ? [
            {
              volume: createVolume([edge, edge, edge], voxelSizeAngstrom, boxes[i]!.volume),
              mask: supportMasks?.subarray(i * edge ** 3, (i + 1) * edge ** 3),
            },
          ]
        : [],
    );
  await files.write(
    "report.html",
    pickReport({
      classes: classes.map(({ name }, label) => ({ name, supports: supportBoxes(label) })),
      tomograms: reported,
      scores: all,
      cutOffs: pooledCutOffs(tomograms),
      dependence,
      gallery,
      outputs: [
        ["what was picked: class, probability, score, size", "picks.star, picks.csv"],
        ["every place that was looked at", "candidates.star"],
        ...(options.masks ? ([["outlines of the picks", "masks/"]] as const) : []),
        ["what was run, and all figures", "picks.json"],
      ],
      run,
    }),
  );
  const summaries = tomograms.map(({ path, searched, identified }) => ({
    path,
    picks: identified.accepted.filter(Boolean).length,
    candidates: searched.candidates.length,
    asMeasured: describeAdaptation(searched.adaptation),
    contrast: `${searched.contrast.dark ? "dark" : "bright"} protein, ${searched.contrast.reason}`,
    voxelSizeAngstrom: searched.grid.fileVoxelSizeAngstrom,
    resumedTiles: searched.resumedTiles,
    seconds: searched.seconds,
  }));
  const details = tomograms.map(({ searched, identified }, i) => ({
    ...summaries[i]!,
    shape: searched.grid.fileShape,
    searchedVoxelSizeAngstrom: searched.grid.voxelSizeAngstrom,
    greys: searched.greys,
    tiles: searched.tiles,
    peaks: searched.peaks,
    excluded: searched.excluded,
    openSet: identified.openSet,
    cutOffs: identified.cutOffs,
  }));
  const sidecar = { ...run, facts: settings, classes, names, tomograms: details, dependence };
  await files.write("picks.json", `${JSON.stringify(sidecar, null, 2)}\n`);
  await writeLists(files, tomograms, {
    ...{ names, comments, tomogramNames: tomogramNames(options.tomogramPaths) },
    ...(options.masks && { maskName: maskNameOf }),
  });
  await breathe(signal);
  return {
    picksPath: join(outputFolder, "picks.star"),
    candidatesPath: join(outputFolder, "candidates.star"),
    csvPath: join(outputFolder, "picks.csv"),
    reportPath: join(outputFolder, "report.html"),
    picks: picked.length,
    candidates: all.length,
    classes,
    tomograms: summaries,
    model: modelLabel,
    detector: detectorLabel,
    seed,
    seconds: (performance.now() - start) / 1000,
  };
}

/** File names without endings; with as many folders before them as tell them apart. */
function tomogramNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    resolve(path)
      .replace(/(\.(mrc|rec|map|em|npy|gz))+$/i, "")
      .split(sep),
  );
  for (let depth = 1; ; depth++) {
    const names = parts.map((folders) => folders.slice(-depth).join("_"));
    if (new Set(names).size === names.length || parts.every((folders) => folders.length < depth)) return names;
  }
}

/** The tables of several tomograms as one. */
function pooledCutOffs(tomograms: readonly PickedTomogram[]) {
  const [first, ...rest] = tomograms.map(({ identified }) => identified.cutOffs);
  if (rest.length === 0) return first!;
  return first!.map(({ cutOff }, row) => {
    const rows = tomograms.map(({ identified }) => identified.cutOffs[row]!);
    const kept = rows.reduce((sum, r) => sum + r.kept, 0);
    const right = rows.reduce((sum, r) => sum + (r.kept > 0 ? r.kept * r.expectedPrecision : 0), 0);
    const findable = rows.reduce(
      (sum, r) => sum + (r.kept > 0 ? (r.kept * r.expectedPrecision) / r.expectedRecall : 0),
      0,
    );
    return { cutOff, kept, expectedPrecision: right / kept, expectedRecall: right / findable };
  });
}

function settingsOf(options: PickOptions, { threshold }: Bench): Record<string, string | number | boolean> {
  return {
    supports: options.supports.join(" "),
    ...(options.negatives && options.negatives.length > 0 && { negatives: options.negatives.join(" ") }),
    ...(options.particleDiameterAngstrom !== undefined && {
      "diameter of the particles, Å": options.particleDiameterAngstrom,
    }),
    "detection threshold": threshold,
    "least distance, in sums of radii": options.spacing ?? pickDefaults.spacing,
    "border, Å": options.borderAngstrom ?? pickDefaults.borderAngstrom,
    ...(options.maskPath !== undefined && { mask: options.maskPath }),
    "gold left out": options.excludeGold ?? pickDefaults.excludeGold,
    "every particle is of one of the classes": options.closedSet ?? pickDefaults.closedSet,
    "classes learn from the candidates": options.learn ?? pickDefaults.learn,
    "cut-off of the probability": options.cutOff ?? pickDefaults.cutOff,
    "averaged over half turns": options.testTimeAveraging ?? pickDefaults.testTimeAveraging,
    "boxes centred again": options.recentre ?? pickDefaults.recentre,
    ...(options.imaging && Object.keys(options.imaging).length > 0 && { imaging: JSON.stringify(options.imaging) }),
  };
}
