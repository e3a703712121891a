/** What the views show now. Whoever draws or steers a view reads and writes these; what of it makes a link, `view-snapshot.ts` says. */
import { batch, computed, signal } from "@preact/signals";
import type { Axis, TomogramInfo, VoxelPosition } from "../../protocol/index.js";

export type GreyRange = readonly [black: number, white: number];

/** Grey values between which a section is well seen, and how often which are. */
export interface GreyStatistics {
  readonly range: GreyRange;
  readonly histogram: TomogramInfo["greyHistogram"];
}

/** What may be drawn over the sections. */
export interface Layers {
  readonly crosshair: boolean;
  readonly examples: boolean;
  readonly picks: boolean;
  /** What of a list of particles is of none of the classes, in sections. */
  readonly others: boolean;
  readonly masks: boolean;
  /** Averages where their particles are, in 3-D. */
  readonly averages: boolean;
  /** How particles lie, in 3-D. */
  readonly arrows: boolean;
}

export const LAYER_NAMES = [
  "crosshair",
  "examples",
  "picks",
  "others",
  "masks",
  "averages",
  "arrows",
] as const satisfies readonly (keyof Layers)[];

/** What is under the pointer. */
export interface Pointed {
  readonly axis: Axis;
  readonly position: VoxelPosition;
  /** Undefined until the section is there. */
  readonly grey: number | undefined;
}

/** The tomogram that is shown. */
export const tomogramId = signal<string | undefined>();
/** Whose voxel the three sections go through; whole numbers. */
export const cursor = signal<VoxelPosition>({ x: 0, y: 0, z: 0 });
/** What the panes have in their middle; undefined: the tomogram's middle. */
export const centre = signal<VoxelPosition | undefined>();
/** CSS pixels a voxel; undefined: as large as fits. */
export const zoom = signal<number | undefined>();
/** Grey values shown as black and white; undefined: as the tomogram suggests. */
export const greyRange = signal<GreyRange | undefined>();
export const isInverted = signal(false);
/** Sections are the mean of this many. */
export const thicknessVoxels = signal(1);
export const lowPassAngstrom = signal<number | undefined>();
/** Voxels as squares, or interpolated. */
export const isSmooth = signal(true);
export const layers = signal<Layers>({
  ...{ crosshair: true, examples: true, picks: true, others: true },
  ...{ masks: true, averages: true, arrows: true },
});
export const hiddenClassIds = signal<ReadonlySet<string>>(new Set());
export const mode = signal<"sections" | "volume">("sections");
/** The run whose results are shown. */
export const runId = signal<string | undefined>();
/** Id of the marker that is selected. */
export const selection = signal<string | undefined>();
/** Id of the marker under the pointer, in whatever view. */
export const hovered = signal<string | undefined>();
export const pointed = signal<Pointed | undefined>();
/** The tomogram whose sections are drawn, once it is open. */
export const shownTomogram = signal<TomogramInfo | undefined>();

/** Of the sections as they are filtered now; undefined where they are not, so that what is known of the tomogram counts. */
export const greyStatistics = signal<GreyStatistics | undefined>();

/** Grey values that are black and white now. */
export const shownGreyRange = computed<GreyRange>(
  () => greyRange.value ?? greyStatistics.value?.range ?? shownTomogram.value?.greyRange ?? [0, 1],
);

/** The voxel of the tomogram that is nearest to a position. */
export function nearestVoxel({ x, y, z }: VoxelPosition, [nz, ny, nx]: TomogramInfo["shape"]): VoxelPosition {
  const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, Math.round(value)));
  return { x: within(x, nx), y: within(y, ny), z: within(z, nz) };
}

export function moveCursor(position: VoxelPosition): void {
  const shape = shownTomogram.value?.shape;
  cursor.value = shape ? nearestVoxel(position, shape) : position;
}

/** Moves the cursor, and brings it into the middle of the panes where they are zoomed in. */
export function goTo(position: VoxelPosition): void {
  batch(() => {
    moveCursor(position);
    if (zoom.value !== undefined) centre.value = cursor.value;
  });
}
