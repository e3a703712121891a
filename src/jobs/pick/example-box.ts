import type { StatedVoxelSize } from "../../files/tomogram/index.js";
import type { StatedContrast } from "../../infer/index.js";
import type { Vector3 } from "../../volume/index.js";
import type { PickSettings } from "./options.js";

/** One example, ready for the network. */
export interface ExampleBox {
  readonly className: string;
  /** Zero mean, unit variance; protein as it is in the specimen, positive where there is none. */
  readonly volume: Float32Array;
  /** Which particle of which file, for the report. */
  readonly source: string;
  /** Key of what the box was cut from; none for structures, whose protein is bright. */
  readonly specimen?: string;
  /** Its centre from the first voxel of the tomogram that it was cut from, whose real path the specimen then is. */
  readonly positionAngstrom?: Vector3;
  /** Where a structure or map says how large its particles are. */
  readonly diameterAngstrom?: number;
}

/** A tomogram, or a list of images, whose contrast all of its boxes share. */
export interface ExampleSpecimen {
  /** What people know it by. */
  readonly name: string;
  /** Blurred skewness of the tomogram. */
  readonly skewness?: number;
  /** Where the list says it. */
  readonly stated: StatedContrast | undefined;
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
}

export interface ExampleBoxes {
  readonly boxes: readonly ExampleBox[];
  /** By key: of tomograms their real paths. */
  readonly specimens: ReadonlyMap<string, ExampleSpecimen>;
  /** What nobody has said, each as a sentence. */
  readonly assumptions: readonly string[];
}

/** How examples become boxes; `voxelSizeAngstrom` is believed of tomograms. */
export interface ExampleSettings extends PickSettings {
  /** Edge and voxel size of the network's boxes. */
  readonly edge: number;
  readonly boxVoxelSizeAngstrom: number;
  /** Examples need not say of which class they are. */
  readonly anyClass: boolean;
}
