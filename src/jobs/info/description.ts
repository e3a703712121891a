import type { FileKind } from "../../files/disk/index.js";
import type { Statistics } from "../../io/index.js";
import type { Progress } from "../../progress.js";

export interface DescribeFileOptions extends Progress {
  /** Overrides the voxel size of the file in what is reported. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Which biological assembly of a structure to count (default "1"), or "none". */
  readonly assembly?: string | undefined;
}

/** What `cosnet info` says about a file. */
export interface FileDescription {
  readonly path: string;
  readonly kind: FileKind;
  /** The kind in words. */
  readonly format: string;
  readonly byteLength: number;
  readonly gzip: boolean;
  /** Facts in the order in which they are worth reading; the unit is in the name. */
  readonly fields: Readonly<Record<string, string | number | undefined>>;
  /** Of the values of a volume. */
  readonly statistics?: Statistics;
  readonly warnings: readonly string[];
}

/** What the description of each kind of file consists of. */
export type Details = Pick<FileDescription, "fields" | "warnings" | "statistics">;

/** @throws FormatError, or ModelError of models, when the file is damaged. */
export type Describe = (bytes: Uint8Array, path: string, options: DescribeFileOptions) => Details | Promise<Details>;
