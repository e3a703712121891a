/** The units of a batch: what each is called, and what its result follows from. */
import { packageVersion, shortHash } from "../../../files/disk/index.js";
import { plainName } from "../../../plain-name.js";
import type { Batch, BatchTomogram } from "../batch-file.js";
import { readUnitState, type UnitState } from "../state.js";

/** What a unit does. */
export type UnitKind = "lead" | "pick" | "classify" | "gather" | "segment" | "average";

/** A unit by its name. */
export interface NamedUnit {
  readonly id: string;
  readonly kind: UnitKind;
  /** Of a unit that works on one tomogram. */
  readonly tomogram?: BatchTomogram | undefined;
  /** Of a unit that averages a class. */
  readonly className?: string | undefined;
}

export const LEAD: NamedUnit = { id: "lead", kind: "lead" };
export const GATHER: NamedUnit = { id: "gather", kind: "gather" };

/** One for each tomogram: its particles are found, or those of lists identified. */
export function pickUnits(batch: Batch): NamedUnit[] {
  return tomogramUnits(batch.recipe.classify ? "classify" : "pick", batch);
}

export function segmentUnits(batch: Batch): NamedUnit[] {
  return tomogramUnits("segment", batch);
}

function tomogramUnits(kind: "pick" | "classify" | "segment", { tomograms }: Batch): NamedUnit[] {
  return tomograms.map((tomogram) => ({ id: `${kind}-${tomogram.id}`, kind, tomogram }));
}

/** Whether it says what the particles of a tomogram are. */
export function isPickUnit({ kind }: { readonly kind: UnitKind }): boolean {
  return kind === "pick" || kind === "classify";
}

/** One for each class of which there are picks. */
export function averageUnits(gathered: UnitState | undefined): NamedUnit[] {
  const classes = gathered?.result?.classes ?? [];
  return classes
    .filter(({ picks }) => picks > 0)
    .map(({ name }) => ({ id: `average-${classId(name)}`, kind: "average", className: name }));
}

/** A class in the names of files, whatever other classes there are. */
export function classId(name: string): string {
  const plain = plainName(name, { otherwise: "class", longestBytes: 80 });
  return plain === name ? name : `${plain}-${shortHash(name)}`;
}

/** All that the recipe asks for, as far as it is known, in the order of the work. @throws FileError. */
export async function allUnits(folder: string, batch: Batch): Promise<NamedUnit[]> {
  const { segment, average } = batch.recipe;
  return [
    LEAD,
    ...pickUnits(batch),
    GATHER,
    ...(segment ? segmentUnits(batch) : []),
    ...(average ? averageUnits(await readUnitState(folder, GATHER.id)) : []),
  ];
}

/** @returns undefined for a name of none. @throws FileError. */
export async function unitOf(folder: string, batch: Batch, id: string): Promise<NamedUnit | undefined> {
  return (await allUnits(folder, batch)).find((unit) => unit.id === id);
}

/** Options whose files the lead alone reads: its digests stand for what is in them. */
const READ_BY_LEAD: ReadonlySet<string> = new Set(["examples", "examples-tomogram", "negatives", "particles"]);

/** Stands for all that a unit's result follows from; undefined as long as what it builds on is not done. @throws FileError. */
export async function keyOf(folder: string, batch: Batch, unit: NamedUnit): Promise<string | undefined> {
  const { recipe, tomograms, files = {} } = batch;
  const { pick, classify } = recipe;
  const base = { version: packageVersion(), seed: recipe.seed, pick, classify };
  const read = files.pick ?? files.classify ?? [];
  if (unit.kind === "lead") return shortHash({ ...base, files: read, tomograms: tomograms.map(factsOf) });
  if (isPickUnit(unit)) {
    const lead = await doneState(folder, LEAD.id);
    const { digest, listed = {} } = lead?.result ?? {};
    const { tomogram } = unit;
    const others = read.filter(({ option }) => !READ_BY_LEAD.has(option));
    const from = { lead: digest, listed: tomogram && listed[tomogram.id], files: others };
    return lead && tomogram && shortHash({ ...base, ...from, tomogram: factsOf(tomogram) });
  }
  if (unit.kind === "segment") {
    const gathered = await doneState(folder, GATHER.id);
    const own = gathered?.result?.tomograms?.find(({ id }) => id === unit.tomogram?.id);
    return (
      own &&
      shortHash({
        segment: recipe.segment,
        files: files.segment,
        tomogram: unit.tomogram && factsOf(unit.tomogram),
        picks: own.digest,
      })
    );
  }
  if (unit.kind === "average") {
    const gathered = await doneState(folder, GATHER.id);
    return (
      gathered &&
      shortHash({ average: recipe.average, files: files.average, of: unit.className, gathered: gathered.key })
    );
  }
  const lead = await doneState(folder, LEAD.id);
  const picked = await pickedTomograms(folder, batch);
  return lead && shortHash({ lead: lead.key, picked: picked.map(({ tomogram, state }) => [tomogram.id, state.key]) });
}

function factsOf({ path, name, voxelSizeAngstrom, bytes, changed }: BatchTomogram) {
  return { path, name, voxelSizeAngstrom, bytes, changed };
}

async function doneState(folder: string, id: string): Promise<UnitState | undefined> {
  const state = await readUnitState(folder, id);
  return state?.status === "done" ? state : undefined;
}

/** A tomogram whose particles have been found, and the state of the unit that has found them. */
export interface PickedUnit {
  readonly tomogram: BatchTomogram;
  readonly state: UnitState;
}

/** Those whose particles have been found, as they are now, in order. @throws FileError. */
export async function pickedTomograms(folder: string, batch: Batch): Promise<PickedUnit[]> {
  const picked: PickedUnit[] = [];
  for (const unit of pickUnits(batch)) {
    const state = await readUnitState(folder, unit.id);
    if (unit.tomogram && state?.status === "done" && state.key === (await keyOf(folder, batch, unit)))
      picked.push({ tomogram: unit.tomogram, state });
  }
  return picked;
}
