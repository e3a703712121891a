import { ConfigError } from "../../../errors.js";
import type { Vector3, Volume } from "../../../volume/index.js";
import type { ByteOrder } from "../numbers.js";
import { statisticsOf } from "../statistics.js";
import { encodeMrcFields, MRC_HEADER_BYTES } from "./fields.js";
import { decodeVoxels, encodeVoxels, MRC_MODES, type MrcMode } from "./modes.js";

/** Mode, labels and origin of an MRC file. */
export interface WriteMrcOptions {
  /** 0 int8, 1 int16, 2 float32 (default), 6 uint16, 12 float16. */
  readonly mode?: MrcMode;
  readonly byteOrder?: ByteOrder;
  /** Position of voxel (0,0,0) in Angstrom, as some viewers use it. */
  readonly originAngstrom?: Vector3 | undefined;
  /** The z axis counts images, not depth (ispg 0). */
  readonly imageStack?: boolean;
  /** Values that the mode cannot hold become its nearest limit (NaN becomes 0) instead of an error. */
  readonly clamp?: boolean;
  /** Up to ten lines of 80 ASCII characters, e.g. what made the file. */
  readonly labels?: readonly string[];
  /** Named in messages. */
  readonly name?: string;
}

/**
 * The bytes of an MRC2014 file. An unknown voxel size (NaN) is written as 0, which readers take as "not stated".
 * @throws ConfigError when the mode cannot hold the values (unless `clamp`), with the range it can hold.
 */
export function writeMrc(volume: Volume, options: WriteMrcOptions = {}): Uint8Array {
  const { mode = 2, byteOrder = "little", imageStack = false } = options;
  const values = options.clamp ? clamped(volume.data, mode) : volume.data;
  if (!options.clamp) checkRange(values, mode, options.name);
  const data = encodeVoxels(values, mode, byteOrder);
  // Statistics of what a reader will see, i.e. after rounding; mode 2 changes nothing.
  const statistics = statisticsOf(mode === 2 ? values : decodeVoxels(data, mode, { byteOrder }));
  const [nz, ny, nx] = volume.shape;
  const voxelSize = Number.isFinite(volume.voxelSizeAngstrom) ? volume.voxelSizeAngstrom : 0;
  const intervals = imageStack ? 1 : nz;
  const labels = (options.labels ?? ["Written by cosnet"]).slice(0, 10);
  const finite = Number.isFinite(statistics.mean);
  const header = encodeMrcFields(
    {
      nx,
      ny,
      nz,
      mode,
      mx: nx,
      my: ny,
      mz: intervals,
      xlen: nx * voxelSize,
      ylen: ny * voxelSize,
      zlen: intervals * voxelSize,
      alpha: 90,
      beta: 90,
      gamma: 90,
      mapc: 1,
      mapr: 2,
      maps: 3,
      // "dmax < dmin, dmean < both, rms < 0" is how the standard says "not determined".
      dmin: finite ? statistics.minimum : 0,
      dmax: finite ? statistics.maximum : -1,
      dmean: finite ? statistics.mean : -2,
      // Always the true one: viewers scale their contour levels by it, and take -1 and 0 literally.
      rms: finite ? statistics.standardDeviation : -1,
      ispg: imageStack ? 0 : 1,
      nversion: 20141,
      originX: options.originAngstrom?.x ?? 0,
      originY: options.originAngstrom?.y ?? 0,
      originZ: options.originAngstrom?.z ?? 0,
      map: "MAP ",
      machst: byteOrder === "little" ? 0x44440000 : 0x11110000,
      nlabl: labels.length,
      labels: labels.map(labelText).join(""),
    },
    byteOrder === "little",
  );
  const bytes = new Uint8Array(MRC_HEADER_BYTES + data.byteLength);
  bytes.set(header);
  bytes.set(data, MRC_HEADER_BYTES);
  return bytes;
}

/** 80 printable ASCII characters, as the standard asks for. */
function labelText(label: string): string {
  return label
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, 80)
    .padEnd(80);
}

function checkRange(values: Float32Array, mode: MrcMode, name: string | undefined): void {
  if (mode === 2) return;
  const { minimum, maximum, integer, name: type } = MRC_MODES[mode];
  const where = name ? `${name}: ` : "";
  const hint = "Write mode 2 (float32), scale the values first, or let --clamp take the nearest value that fits.";
  for (const value of values) {
    if (Number.isFinite(value) ? value >= minimum && value <= maximum : !integer) continue;
    throw new ConfigError(`${where}the value ${value} does not fit mode ${mode} (${type}, ${minimum} to ${maximum})`, {
      hint,
    });
  }
}

function clamped(values: Float32Array, mode: MrcMode): Float32Array {
  const { minimum, maximum, integer } = MRC_MODES[mode];
  return values.map((value) =>
    Number.isNaN(value) ? (integer ? 0 : value) : Math.min(Math.max(value, minimum), maximum),
  );
}
