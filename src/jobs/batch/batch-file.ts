/** What a batch is of, in `batch.json` in its folder: resolved once, so that every process works on the same. */
import { join, resolve } from "node:path";
import { FormatError } from "../../errors.js";
import { byteLengthOf, changedMilliseconds, readJson, shortHash, writeFileAtomic } from "../../files/disk/index.js";
import { plainName } from "../../plain-name.js";
import type { AverageOptions } from "../average/index.js";
import type { PickOptions } from "../pick/index.js";
import type { SegmentOptions } from "../segment/index.js";
import type { ListedTomogram } from "./manifest/listed-tomogram.js";

/** The steps as the recipe writes them: the options of each verb by their names on the command line. */
export interface BatchRecipe {
  readonly seed?: number | undefined;
  /** Finds the particles; a recipe has this or `classify`. */
  readonly pick?: StepOptions | undefined;
  /** Says what the particles of lists (`particles`) are, as `pick --particles` does: nothing is searched. */
  readonly classify?: StepOptions | undefined;
  readonly segment?: StepOptions | undefined;
  readonly average?: StepOptions | undefined;
}

type StepOptions = Readonly<Record<string, unknown>>;

/** In the order of the work. */
export const STEP_NAMES = ["pick", "classify", "segment", "average"] as const;

type StepName = (typeof STEP_NAMES)[number];

/** The steps as the jobs take them. */
export interface BatchSteps {
  /** Of `classify`: with the lists whose particles are identified in place of a search. */
  readonly pick: Omit<PickOptions, "tomogramPaths" | "tomogramNames" | "outputFolder">;
  readonly segment?: Omit<SegmentOptions, "particlesPath" | "outputFolder"> | undefined;
  readonly average?: Omit<AverageOptions, "particlesPath" | "outputFolder"> | undefined;
}

/** A tomogram of a batch. */
export interface BatchTomogram extends ListedTomogram {
  readonly name: string;
  /** The name, as names of files can be; its own among all. */
  readonly id: string;
  /** Size and time of change when the batch saw it; undefined for a file that is missing. */
  readonly bytes: number | undefined;
  readonly changed: number | undefined;
}

/** A file that a step of the recipe names, as the batch saw it. */
export interface StepFile {
  readonly option: string;
  readonly path: string;
  readonly bytes: number;
  readonly changed: number | undefined;
}

export interface Batch {
  readonly version: string;
  /** The folder from which paths of recipe and tomograms count. */
  readonly directory: string;
  readonly recipe: BatchRecipe;
  /** By step. */
  readonly files?: Partial<Readonly<Record<StepName, readonly StepFile[]>>>;
  readonly tomograms: readonly BatchTomogram[];
}

/** @throws FileError; FormatError where the folder holds no batch. */
export async function readBatch(folder: string): Promise<Batch> {
  const batch = await findBatch(folder);
  if (!batch)
    throw new FormatError("there is no batch here: batch.json is missing or damaged", folder, {
      hint: "Begin one with cosnet batch run.",
    });
  return batch;
}

/** Undefined where the folder holds none. @throws FileError. */
export async function findBatch(folder: string): Promise<Batch | undefined> {
  const batch = (await readJson(pathIn(folder))) as Partial<Batch> | null | undefined;
  return batch && typeof batch.directory === "string" && batch.recipe && Array.isArray(batch.tomograms)
    ? (batch as Batch)
    : undefined;
}

/** @throws FileError. */
export async function writeBatch(folder: string, batch: Batch): Promise<void> {
  await writeFileAtomic(pathIn(folder), `${JSON.stringify(batch, null, 2)}\n`);
}

function pathIn(folder: string): string {
  return join(folder, "batch.json");
}

/**
 * With names for their files, and what the files are like now.
 * @param directory the folder from which their paths count
 */
export async function seenTomograms(
  listed: readonly (ListedTomogram & { readonly name: string })[],
  directory: string,
): Promise<BatchTomogram[]> {
  const taken = new Set<string>();
  const seen: BatchTomogram[] = [];
  for (const tomogram of listed) {
    const plain = plainName(tomogram.name, { otherwise: "tomogram", longestBytes: 80 });
    // Some file systems take "ts_1" and "TS_1" for the same.
    const id = taken.has(plain.toLowerCase()) ? `${plain}-${shortHash(tomogram.name)}` : plain;
    taken.add(id.toLowerCase());
    const path = resolve(directory, tomogram.path);
    const bytes = await byteLengthOf(path).catch(() => undefined);
    seen.push({ ...tomogram, id, bytes, changed: await changedMilliseconds(path) });
  }
  return seen;
}
