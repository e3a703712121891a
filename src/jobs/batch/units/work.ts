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
  type StatedParticle,
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
  /** Reads the examples, and searches the tomograms that they lie in; deals lists of particles out to their tomograms. */
  async lead(work) {
    const { lead, listed, model } = await findLead(pickOptions(work, work.batchFolder));
    await (await openKeptStates(leadFolder(work), { key: work.key })).save("examples", lead);
    const { warnings, ...found } = lead;
    return {
      digest: shortDigest(serialize(found)),
      searched: lead.leads.some(({ prompts }) => prompts.length > 0),
      ...(listed && { listed: await keepListed(work, listed) }),
      ...{ model, warnings },
    };
  },

  /** Finds and identifies the particles of a tomogram. */
  async pick(work, { tomogram }) {
    const { id, path } = tomogramOf(tomogram);
    const folder = tomogramFolder(work.batchFolder, id);
    const options = pickOptions(work, folder);
    const { lead, listed } = await readLead(work, id);
    const { found, slice, summary } = await pickOneTomogram(options, path, lead, listed);
    const states = await openKeptStates(folder, { key: work.key });
    await states.save("found", found);
    if (slice) await states.save("overview", thumbnailOf(slice));
    await forgetWork(options, path, lead); // hundreds of megabytes, of use to this unit alone
    const { contrast, voxelSize, asMeasured } = summary; // what is picked is settled when all is gathered
    return { contrast, voxelSize, asMeasured, warnings: found.warnings };
  },

  /** Identifies the particles of lists in a tomogram. */
  classify: (work, unit) => WORK.pick(work, unit),

  /** One list and one report of all. */
  async gather(work) {
    const { batch, batchFolder } = work;
    const picked = await pickedTomograms(batchFolder, batch);
    if (picked.length === 0) throw new ConfigError("no tomogram has been searched: there is nothing to gather");
    const options = pickOptions(work, join(batchFolder, "picks"));
    const { lead } = await readLead(work);
    const { gathered, ...result } = await gatherPicks(
      {
        ...options,
        tomogramPaths: picked.map(({ tomogram }) => tomogram.path),
        tomogramNames: picked.map(({ tomogram }) => tomogram.name),
        tomogramVoxelSizes: picked.map(({ tomogram }) => statedVoxelSize(tomogram)),
        overwrite: true,
      },
      lead,
      picked.map((one) => foundSource(batchFolder, one)),
    );
    const tomograms: GatheredFacts[] = [];
    for (const [i, { summary, classes: counts, redrawn }] of gathered.entries()) {
      const { tomogram, state } = picked[i]!;
      const folder = tomogramFolder(batchFolder, tomogram.id);
      const states = await openKeptStates(folder, { key: state.key });
      const overview = await states.load<Parameters<typeof redrawn>[0]>("overview");
      if (overview) await states.save("overview", redrawn(overview));
      const digest = shortDigest(await readFileBytes(join(folder, "picks.star")));
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

/**
 * What the examples say, and with a tomogram's id the particles that lists name in it, where lists are classified.
 * @throws ConfigError when it has not been kept.
 */
async function readLead({ batchFolder }: UnitWork, id?: string) {
  const state = await readUnitState(batchFolder, LEAD.id);
  const states = await openKeptStates(leadFolder({ batchFolder }), { key: state?.key });
  const lead = await states.load<PickLead>("examples");
  const digest = id === undefined ? undefined : state?.result?.listed?.[id];
  const listed = id === undefined || digest === undefined ? undefined : await readListed(batchFolder, id, digest);
  if (lead && (digest === undefined || listed)) return { lead, listed };
  throw new ConfigError("what was read of the examples is missing or of another version of Node", {
    hint: `Do it again: cosnet batch retry ${batchFolder} ${LEAD.id}`,
  });
}

/** Keeps each tomogram's particles beside it: a process for one does not read the lists of all. Gives their digests by id. */
async function keepListed(
  { batch, batchFolder }: UnitWork,
  listed: ReadonlyMap<string, readonly StatedParticle[]>,
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { id, path } of batch.tomograms) {
    const particles = listed.get(path) ?? [];
    const digest = shortDigest(serialize(particles.map(({ where: _, ...particle }) => particle)));
    await (await openKeptStates(tomogramFolder(batchFolder, id), { digest })).save("listed", { particles });
    digests[id] = digest;
  }
  return digests;
}

async function readListed(batchFolder: string, id: string, digest: string) {
  const states = await openKeptStates(tomogramFolder(batchFolder, id), { digest });
  return (await states.load<{ readonly particles: readonly StatedParticle[] }>("listed"))?.particles;
}

function shortDigest(bytes: Uint8Array): string {
  return digestOf(bytes).slice(0, 12);
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
