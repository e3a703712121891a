/** What each kind of unit does. */
import { basename, join } from "node:path";
import { serialize } from "node:v8";
import { ConfigError } from "../../../errors.js";
import { digestOf, openKeptStates, readFileBytes, removeFolder } from "../../../files/disk/index.js";
import type { StatedVoxelSize } from "../../../files/tomogram/index.js";
import { average } from "../../average/index.js";
import {
  type FoundInTomogram,
  type FoundSource,
  findLead,
  forgetWork,
  gatherPicks,
  type PickLead,
  type PickOptions,
  pickOneTomogram,
} from "../../pick/index.js";
import { segment } from "../../segment/index.js";
import type { Batch, BatchTomogram } from "../batch-file.js";
import { thumbnailOf } from "../report/thumbnail.js";
import { type GatheredFacts, readUnitState, type UnitResult } from "../state.js";
import { classId, LEAD, type NamedUnit, type PickedUnit, pickedTomograms, type UnitKind } from "./keys.js";
import type { BatchUnitOptions } from "./unit-options.js";

export interface UnitWork extends Omit<BatchUnitOptions, "id"> {
  readonly batch: Batch;
  readonly key: string;
  /** Stands in what is written. */
  readonly command: string;
}

/** @throws what the jobs throw. */
export function workOn(unit: NamedUnit, work: UnitWork): Promise<UnitResult> {
  return WORK[unit.kind](work, unit);
}

const WORK: Readonly<Record<UnitKind, (work: UnitWork, unit: NamedUnit) => Promise<UnitResult>>> = {
  /** Reads the examples, and searches the tomograms that they lie in. */
  async lead(work) {
    const lead = await findLead(pickOptions(work, work.batchFolder));
    await (await openKeptStates(leadFolder(work), { key: work.key })).save("examples", lead);
    const searched = lead.leads.some(({ prompts }) => prompts.length > 0);
    return { digest: digestOf(serialize(lead)).slice(0, 12), searched, warnings: lead.warnings };
  },

  /** Finds and identifies the particles of a tomogram. */
  async pick(work, { tomogram }) {
    const { id, path } = tomogramOf(tomogram);
    const folder = tomogramFolder(work.batchFolder, id);
    const options = pickOptions(work, folder);
    const lead = await readLead(work);
    const { found, slice, summary } = await pickOneTomogram(options, path, lead);
    const states = await openKeptStates(folder, { key: work.key });
    await states.save("found", found);
    if (slice) await states.save("overview", thumbnailOf(slice));
    await forgetWork(options, path, lead); // hundreds of megabytes, of use to this unit alone
    const { contrast, voxelSize, asMeasured } = summary; // what is picked is settled when all is gathered
    return { contrast, voxelSize, asMeasured, warnings: found.warnings };
  },

  /** One list and one report of all. */
  async gather(work) {
    const { batch, batchFolder } = work;
    const picked = await pickedTomograms(batchFolder, batch);
    if (picked.length === 0) throw new ConfigError("no tomogram has been searched: there is nothing to gather");
    const options = pickOptions(work, join(batchFolder, "picks"));
    const { gathered, ...result } = await gatherPicks(
      {
        ...options,
        tomogramPaths: picked.map(({ tomogram }) => tomogram.path),
        tomogramNames: picked.map(({ tomogram }) => tomogram.name),
        tomogramVoxelSizes: picked.map(({ tomogram }) => statedVoxelSize(tomogram)),
        overwrite: true,
      },
      await readLead(work),
      picked.map((one) => foundSource(batchFolder, one)),
    );
    const tomograms: GatheredFacts[] = [];
    for (const [i, { summary, classes: counts, redrawn }] of gathered.entries()) {
      const { tomogram, state } = picked[i]!;
      const folder = tomogramFolder(batchFolder, tomogram.id);
      const states = await openKeptStates(folder, { key: state.key });
      const overview = await states.load<Parameters<typeof redrawn>[0]>("overview");
      if (overview) await states.save("overview", redrawn(overview));
      const digest = digestOf(await readFileBytes(join(folder, "picks.star"))).slice(0, 12);
      tomograms.push({ id: tomogram.id, classes: counts, candidates: summary.candidates, digest });
    }
    await removeFolder(workRoot(batchFolder));
    const { picks, candidates, classes, warnings, model } = result;
    return { picks, candidates, classes, tomograms, warnings, model };
  },

  async segment(work, { tomogram }) {
    const { id, path, name } = tomogramOf(tomogram);
    const folder = tomogramFolder(work.batchFolder, id);
    const { particles } = await segment({
      ...{ ...work.steps.segment, ...running(work) },
      ...{ tomogramPath: path, tomogramName: name, particlesPath: join(folder, "picks.star") },
      outputFolder: join(folder, "segmentation"),
    });
    return { particles };
  },

  async average(work, { className }) {
    if (className === undefined) throw new Error("a unit that averages has a class");
    const { classes } = await average({
      ...{ ...work.steps.average, ...running(work) },
      ...{ particlesPath: join(work.batchFolder, "picks/picks.star"), classNames: [className] },
      outputFolder: join(work.batchFolder, "average", classId(className)),
    });
    return { averaged: classes };
  },
};

/** What every job of the unit is told. */
function running({ batch, threads, command, onProgress, onWarning, signal }: UnitWork) {
  return {
    ...{ threads, command, onProgress, onWarning, signal, overwrite: true },
    ...(batch.recipe.seed !== undefined && { seed: batch.recipe.seed }),
  };
}

function pickOptions(work: UnitWork, outputFolder: string): PickOptions {
  return {
    ...{ ...work.steps.pick, ...running(work), outputFolder },
    tomogramPaths: work.batch.tomograms.map(({ path }) => path),
    tomogramNames: work.batch.tomograms.map(({ name }) => name),
    tomogramVoxelSizes: work.batch.tomograms.map(statedVoxelSize),
    workRoot: workRoot(work.batchFolder),
  };
}

/** As whatever named the tomogram says. */
function statedVoxelSize({ voxelSizeAngstrom: angstrom, source }: BatchTomogram): StatedVoxelSize | undefined {
  return angstrom === undefined ? undefined : { angstrom, by: basename(source) };
}

/** What was found in a tomogram; loading throws ConfigError when it has not been kept. */
function foundSource(batchFolder: string, { tomogram, state }: PickedUnit): FoundSource {
  const folder = tomogramFolder(batchFolder, tomogram.id);
  return {
    folder,
    async load() {
      const found = await (await openKeptStates(folder, { key: state.key })).load<FoundInTomogram>("found");
      if (found) return found;
      throw new ConfigError(`what was found in ${tomogram.name} is missing or of another version of Node`, {
        hint: `Do it again: cosnet batch retry ${batchFolder} ${tomogram.name}`,
      });
    },
  };
}

/** @throws ConfigError when it has not been kept. */
async function readLead({ batchFolder }: UnitWork): Promise<PickLead> {
  const state = await readUnitState(batchFolder, LEAD.id);
  const states = await openKeptStates(leadFolder({ batchFolder }), { key: state?.key });
  const lead = await states.load<PickLead>("examples");
  if (!lead)
    throw new ConfigError("what was read of the examples is missing or of another version of Node", {
      hint: `Do it again: cosnet batch retry ${batchFolder} ${LEAD.id}`,
    });
  return lead;
}

function tomogramOf(tomogram: NamedUnit["tomogram"]) {
  if (!tomogram) throw new Error("this unit has a tomogram");
  return tomogram;
}

/** What belongs to one tomogram. */
export function tomogramFolder(batchFolder: string, id: string): string {
  return join(batchFolder, "tomograms", id);
}

function leadFolder({ batchFolder }: Pick<UnitWork, "batchFolder">): string {
  return join(batchFolder, "examples");
}

function workRoot(batchFolder: string): string {
  return join(batchFolder, ".work");
}
