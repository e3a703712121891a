import type { Contrast } from "../search/index.js";
import type { PickSettings } from "./options.js";

/** One example, ready for the network. */
export interface ExampleBox {
  readonly className: string;
  /** Zero mean, unit variance, protein positive. */
  readonly volume: Float32Array;
  /** Which particle of which file, for the report. */
  readonly source: string;
}

export interface ExampleBoxes {
  readonly boxes: readonly ExampleBox[];
  /** The contrast of every tomogram that boxes were cut from, by its real path. */
  readonly contrasts: ReadonlyMap<string, Contrast>;
}

/** How examples become boxes; `voxelSizeAngstrom` is believed of tomograms. */
export interface ExampleSettings extends PickSettings {
  /** Edge and voxel size of the network's boxes. */
  readonly edge: number;
  readonly boxVoxelSizeAngstrom: number;
  /** Examples need not say of which class they are. */
  readonly anyClass: boolean;
}
