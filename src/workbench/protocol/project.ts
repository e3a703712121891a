/** What a person has said in the workbench: tomograms, classes, examples, verdicts. A project is what its actions, one after the other, make of an empty one. */
import { ConfigError } from "../../errors.js";

/** Voxels of the tomogram's file, from the centre of its first voxel; whole numbers are centres of voxels. */
export interface VoxelPosition {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface ProjectTomogram {
  readonly id: string;
  readonly path: string;
  /** Believed instead of the file's. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Said by a person; undefined: as measured. */
  readonly contrast?: "dark" | "bright" | undefined;
}

export interface ParticleClass {
  readonly id: string;
  readonly name: string;
  /** "#rrggbb" */
  readonly colour: string;
}

/** A particle of a class that a person has clicked; without a class it is of none of them. */
export interface ClickedExample {
  readonly id: string;
  readonly tomogramId: string;
  readonly classId: string | null;
  readonly position: VoxelPosition;
}

/** What a person has said of a candidate: its class, or null for none of them. It stands for whatever candidate is nearest. */
export interface Verdict {
  readonly tomogramId: string;
  readonly position: VoxelPosition;
  readonly classId: string | null;
}

export interface Project {
  readonly tomograms: readonly ProjectTomogram[];
  readonly classes: readonly ParticleClass[];
  readonly examples: readonly ClickedExample[];
  readonly verdicts: readonly Verdict[];
  /** Lowest probability of a pick, by class id; 0 where none is given. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Number of the next id. */
  readonly nextId: number;
}

export const EMPTY_PROJECT: Project = {
  tomograms: [],
  classes: [],
  examples: [],
  verdicts: [],
  thresholds: {},
  nextId: 1,
};

/** One change of a project. New ids are given by `applyAction`, so that they are the same whenever the journal is read again. */
export type Action =
  /** One that was named when the workbench was started is there whatever is undone. */
  | { readonly type: "add-tomogram"; readonly path: string; readonly isNamedAtStart?: boolean | undefined }
  | {
      readonly type: "describe-tomogram";
      readonly id: string;
      readonly voxelSizeAngstrom?: number | undefined;
      readonly contrast?: "dark" | "bright" | undefined;
    }
  | { readonly type: "remove-tomogram"; readonly id: string }
  | { readonly type: "add-class"; readonly name: string; readonly colour?: string }
  | { readonly type: "change-class"; readonly id: string; readonly name?: string; readonly colour?: string }
  | { readonly type: "remove-class"; readonly id: string }
  | ({ readonly type: "add-example" } & Omit<ClickedExample, "id">)
  | { readonly type: "move-example"; readonly id: string; readonly position: VoxelPosition }
  | { readonly type: "reassign-example"; readonly id: string; readonly classId: string | null }
  | { readonly type: "remove-example"; readonly id: string }
  | ({ readonly type: "judge" } & Verdict)
  | { readonly type: "withdraw-verdict"; readonly tomogramId: string; readonly position: VoxelPosition }
  | { readonly type: "set-threshold"; readonly classId: string; readonly probability: number };

/** Colours that people with any colour vision can tell apart (Okabe and Ito 2008), in the order in which classes get them. */
export const CLASS_COLOURS = [
  ...["#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00", "#0072b2", "#f0e442"],
  ...["#8f6fd1", "#8bc34a", "#c26a77", "#5fbdb0", "#9a7b4f"],
] as const;

/** Positions nearer than this are those of the same candidate. */
const SAME_CANDIDATE_VOXELS = 1.5;

/** @throws ConfigError when the action names something that is not there, or says nothing that can be. */
export function applyAction(project: Project, action: Action): Project {
  switch (action.type) {
    case "add-tomogram": {
      if (project.tomograms.some(({ path }) => path === action.path))
        throw new ConfigError(`${action.path} is open already`);
      return numbered(project, (number) => ({
        tomograms: [...project.tomograms, { id: `tomogram-${number}`, path: action.path }],
      }));
    }
    case "describe-tomogram": {
      const { id, voxelSizeAngstrom, contrast } = action;
      if (voxelSizeAngstrom !== undefined && !(voxelSizeAngstrom > 0 && voxelSizeAngstrom < 1000))
        throw new ConfigError(`a voxel size of ${voxelSizeAngstrom} Å is impossible`);
      return { ...project, tomograms: changed(project.tomograms, id, { voxelSizeAngstrom, contrast }) };
    }
    case "remove-tomogram": {
      found(project.tomograms, action.id);
      const elsewhere = ({ tomogramId }: { readonly tomogramId: string }) => tomogramId !== action.id;
      return {
        ...project,
        tomograms: project.tomograms.filter(({ id }) => id !== action.id),
        examples: project.examples.filter(elsewhere),
        verdicts: project.verdicts.filter(elsewhere),
      };
    }
    case "add-class": {
      const name = checkedName(project, action.name);
      const used = new Set(project.classes.map(({ colour }) => colour));
      const free = CLASS_COLOURS.find((colour) => !used.has(colour));
      const colour = action.colour ?? free ?? CLASS_COLOURS[project.classes.length % CLASS_COLOURS.length]!;
      return numbered(project, (number) => ({
        classes: [...project.classes, { id: `class-${number}`, name, colour: checkedColour(colour) }],
      }));
    }
    case "change-class": {
      const { id, name, colour } = action;
      const change = {
        ...(name !== undefined && { name: checkedName(project, name, id) }),
        ...(colour !== undefined && { colour: checkedColour(colour) }),
      };
      return { ...project, classes: changed(project.classes, id, change) };
    }
    case "remove-class": {
      found(project.classes, action.id);
      const { [action.id]: _, ...thresholds } = project.thresholds;
      const ofOthers = ({ classId }: { readonly classId: string | null }) => classId !== action.id;
      return {
        ...project,
        classes: project.classes.filter(({ id }) => id !== action.id),
        examples: project.examples.filter(ofOthers),
        verdicts: project.verdicts.filter(ofOthers),
        thresholds,
      };
    }
    case "add-example": {
      const { tomogramId, classId, position } = action;
      found(project.tomograms, tomogramId);
      if (classId !== null) found(project.classes, classId);
      const example = { tomogramId, classId, position: checkedPosition(position) };
      return numbered(project, (number) => ({
        examples: [...project.examples, { id: `example-${number}`, ...example }],
      }));
    }
    case "move-example": {
      const position = checkedPosition(action.position);
      return { ...project, examples: changed(project.examples, action.id, { position }) };
    }
    case "reassign-example": {
      const { id, classId } = action;
      if (classId !== null) found(project.classes, classId);
      return { ...project, examples: changed(project.examples, id, { classId }) };
    }
    case "remove-example": {
      found(project.examples, action.id);
      return { ...project, examples: project.examples.filter(({ id }) => id !== action.id) };
    }
    case "judge": {
      const { tomogramId, classId, position } = action;
      found(project.tomograms, tomogramId);
      if (classId !== null) found(project.classes, classId);
      const verdict = { tomogramId, classId, position: checkedPosition(position) };
      return { ...project, verdicts: [...withoutVerdict(project, verdict), verdict] };
    }
    case "withdraw-verdict":
      return { ...project, verdicts: withoutVerdict(project, action) };
    case "set-threshold": {
      const { classId, probability } = action;
      found(project.classes, classId);
      if (!(probability >= 0 && probability <= 1)) throw new ConfigError(`${probability} is not a probability`);
      return { ...project, thresholds: { ...project.thresholds, [classId]: probability } };
    }
  }
}

/** Whether two positions are those of one candidate. */
export function isSameCandidate(a: VoxelPosition, b: VoxelPosition): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) < SAME_CANDIDATE_VOXELS;
}

function withoutVerdict(
  { verdicts }: Project,
  { tomogramId, position }: Pick<Verdict, "tomogramId" | "position">,
): readonly Verdict[] {
  return verdicts.filter((other) => other.tomogramId !== tomogramId || !isSameCandidate(other.position, position));
}

function numbered(project: Project, change: (number: number) => Partial<Project>): Project {
  return { ...project, ...change(project.nextId), nextId: project.nextId + 1 };
}

interface Identified {
  readonly id: string;
}

function found<Item extends Identified>(items: readonly Item[], id: string): Item {
  const item = items.find((other) => other.id === id);
  if (!item)
    throw new ConfigError(`there is no ${id} in this project`, { hint: "It may have been removed meanwhile." });
  return item;
}

function changed<Item extends Identified>(items: readonly Item[], id: string, change: Partial<Item>): readonly Item[] {
  found(items, id);
  return items.map((item) => (item.id === id ? { ...item, ...change } : item));
}

const LONGEST_NAME = 60;

/** Names stand in lists of all formats, where spaces and quotes end them. */
function checkedName({ classes }: Project, given: string, ownId?: string): string {
  const name = given.trim();
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._+-]*$/u.test(name) || name.length > LONGEST_NAME)
    throw new ConfigError(`"${name}" cannot be the name of a class`, {
      hint: `Use letters, digits and . _ + -, up to ${LONGEST_NAME} of them.`,
    });
  if (/^none$/i.test(name)) throw new ConfigError('"none" is what cosnet calls a particle of none of the classes');
  if (classes.some((other) => other.name === name && other.id !== ownId))
    throw new ConfigError(`there is a class ${name} already`);
  return name;
}

function checkedColour(colour: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new ConfigError(`"${colour}" is not a colour such as #e69f00`);
  return colour.toLowerCase();
}

function checkedPosition({ x, y, z }: VoxelPosition): VoxelPosition {
  if (![x, y, z].every(Number.isFinite)) throw new ConfigError("a position is three finite numbers");
  return { x, y, z };
}
