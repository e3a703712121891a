import type { VolumeCodec, VolumeFileCodec } from "./codec.js";
import { looksLikeEm, openEm, readEm } from "./em/read.js";
import { writeEm } from "./em/write.js";
import { looksLikeHdf5, readHdf5, writeHdf5 } from "./hdf5/volume.js";
import { looksLikeMrc } from "./mrc/header.js";
import { openMrc } from "./mrc/open.js";
import { readMrc } from "./mrc/read.js";
import { writeMrc } from "./mrc/write.js";
import { looksLikeNpy, writeNpy } from "./npy/npy.js";
import { openNpyVolume, readNpyVolume } from "./npy/volume.js";
import { withValueWarnings } from "./statistics.js";
import { hasUsualAxes } from "./stored-blocks.js";
import { looksLikeTiff } from "./tiff/directory.js";
import { openTiff, readTiff } from "./tiff/read.js";
import { writeTiff } from "./tiff/write.js";

/** Formats of volumes that are files, and of those that are folders, by the names that options use. */
export type VolumeFileFormat = "mrc" | "em" | "npy" | "hdf5" | "tiff";
/** Formats of volumes that are read and written. */
export type VolumeFormat = VolumeFileFormat | "zarr";

/** MRC with unusual axes is read whole where it can be: its sections along z lie scattered over the file. */
const LARGEST_SCATTERED_BYTES = 2 ** 31;

/** Old programs leave ispg at 0 in volumes, too; the name is the better witness of a stack of images. */
const STACK_NAME = /\.(mrcs|st|ali)(\.gz)?$/i;

const mrcCodec: VolumeFileCodec = {
  label: "MRC volume or stack",
  fileName: /\.(mrcs?|map|rec|ccp4|st|ali)$/i,
  voxelSize: "optional",
  recognises: looksLikeMrc,
  decode(bytes, options) {
    const reading = readMrc(bytes, options);
    return { ...reading, imageStack: reading.header.fields.ispg === 0 && STACK_NAME.test(options.name) };
  },
  encode: writeMrc,
  async open(source, options) {
    const reader = await openMrc(source, options);
    return hasUsualAxes(reader.header) || source.byteLength > LARGEST_SCATTERED_BYTES ? reader : undefined;
  },
};

const emCodec: VolumeFileCodec = {
  label: "EM volume",
  fileName: /\.em$/i,
  voxelSize: "optional",
  recognises: looksLikeEm,
  decode: readEm,
  encode: writeEm,
  open: openEm,
};

const npyCodec: VolumeFileCodec = {
  label: "NumPy array",
  fileName: /\.npy$/i,
  voxelSize: "none",
  recognises: looksLikeNpy,
  decode: readNpyVolume,
  encode: writeNpy,
  open: openNpyVolume,
};

const hdf5Codec: VolumeFileCodec = {
  label: "HDF5 file",
  fileName: /\.(hdf5?|h5)$/i,
  voxelSize: "optional",
  recognises: looksLikeHdf5,
  decode: async (bytes, options) => withValueWarnings(await readHdf5(bytes, options)),
  encode: writeHdf5,
};

const tiffCodec: VolumeFileCodec = {
  label: "TIFF stack",
  fileName: /\.(tiff?|btf|tf8)$/i,
  voxelSize: "optional",
  recognises: looksLikeTiff,
  decode: readTiff,
  encode: writeTiff,
  open: openTiff,
};

/** Read through a `ZarrStore` (`openZarr`), because it is a folder. */
const zarrCodec: VolumeCodec = { label: "Zarr volume", fileName: /\.zarr\/?$/i, voxelSize: "required" };

/** In the order in which contents are recognised. */
export const VOLUME_FILE_CODECS: Readonly<Record<VolumeFileFormat, VolumeFileCodec>> = {
  mrc: mrcCodec,
  em: emCodec,
  npy: npyCodec,
  hdf5: hdf5Codec,
  tiff: tiffCodec,
};
/** All formats of volumes, by the names that options use. */
export const VOLUME_CODECS: Readonly<Record<VolumeFormat, VolumeCodec>> = { ...VOLUME_FILE_CODECS, zarr: zarrCodec };

const FILE_FORMATS = Object.keys(VOLUME_FILE_CODECS) as readonly VolumeFileFormat[];
/** Their names, files' before folders'. */
export const VOLUME_FORMATS = Object.keys(VOLUME_CODECS) as readonly VolumeFormat[];

/**
 * What a file is by its content; `bytes` is all of it, or its first kilobyte with `byteLength` the length of the whole. Names
 * lie, and `.map`, `.rec` or `.st` say little.
 */
export function recogniseVolumeFormat(bytes: Uint8Array, byteLength = bytes.byteLength): VolumeFileFormat | undefined {
  return FILE_FORMATS.find((format) => VOLUME_FILE_CODECS[format].recognises(bytes, byteLength));
}

/** The format that a file's name asks for, compressed or not. */
export function volumeFormatOfName(name: string): VolumeFormat | undefined {
  return VOLUME_FORMATS.find((format) => VOLUME_CODECS[format].fileName.test(name.replace(/\.gz$/i, "")));
}

/** Whether a format's volumes are single files. */
export function isVolumeFileFormat(format: string | undefined): format is VolumeFileFormat {
  return format !== undefined && Object.hasOwn(VOLUME_FILE_CODECS, format);
}
