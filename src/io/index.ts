export { copickPath } from "./copick/picks.js";
export { writeDynamoTomograms } from "./dynamo/table.js";
export { type EmHeader, looksLikeEm, type ReadEmOptions, readEm } from "./em/read.js";
export { writeEm } from "./em/write.js";
export { type GunzipOptions, gunzipIfNeeded, isGzip } from "./gzip.js";
export {
  type Hdf5Entry,
  type Hdf5Reading,
  listHdf5,
  looksLikeHdf5,
  type ReadHdf5Options,
  readHdf5,
  writeHdf5,
} from "./hdf5/volume.js";
export { looksLikeMdoc, type Mdoc, readMdoc } from "./mdoc/mdoc.js";
export { type MrcBox, type ReadMrcBoxesOptions, readMrcBoxes } from "./mrc/boxes.js";
export { MRC_HEADER, type MrcFields } from "./mrc/fields.js";
export { looksLikeMrc, type MrcHeader, type MrcHeaderOptions, parseMrcHeader } from "./mrc/header.js";
export { type ByteOrder, decodeVoxels, MRC_MODES, type MrcMode } from "./mrc/modes.js";
export { memorySource, type RandomAccessSource } from "./mrc/random-access.js";
export {
  checkMrcLength,
  chosenVoxelSize,
  type MrcReading,
  type ReadMrcOptions,
  readMrc,
  valueWarnings,
} from "./mrc/read.js";
export { MRC_CLAUSES, type MrcFinding, validateMrc } from "./mrc/validate.js";
export { type WriteMrcOptions, writeMrc } from "./mrc/write.js";
export { looksLikeNpy, type NpyArray, readNpy, writeNpy } from "./npy/npy.js";
export { PARTICLE_CODECS, PARTICLE_FORMATS, type ParticleFormat, particleFormatOfName } from "./particles/formats.js";
export { classLabel, tomogramNumbering } from "./particles/numbering.js";
export type { Particle, ParticleList } from "./particles/particle-list.js";
export { type PlacementOptions, positionsFromFirstVoxel } from "./particles/placement.js";
export { type ReadParticleListOptions, readParticleList } from "./particles/read.js";
export { particleFormatLabel, recogniseParticleFormat } from "./particles/recognise.js";
export { type WriteParticleListOptions, type WrittenParticleList, writeParticleList } from "./particles/write.js";
export {
  looksLikeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type Safetensors,
  type SafetensorsArray,
  type SafetensorsType,
  writeSafetensors,
} from "./safetensors/safetensors.js";
export {
  findTable,
  numberColumn,
  type StarBlock,
  type StarDocument,
  type StarTable,
  starLoop,
  starPairs,
  textColumn,
} from "./star/document.js";
export { quaternionFromRelionAngles, type RelionAngles, relionAnglesFromQuaternion } from "./star/euler.js";
export { parseStar } from "./star/parse.js";
export { type ReadParticlesOptions, readParticles, readTomogramSizes } from "./star/read-particles.js";
export { writeStar } from "./star/write.js";
export {
  type MicroscopeOptions,
  type RelionFormat,
  type WriteParticlesOptions,
  writeParticles,
} from "./star/write-particles.js";
export { writeTomograms } from "./star/write-tomograms.js";
export { createStatistics, type Statistics, type StatisticsAccumulator, statisticsOf } from "./statistics.js";
export { type AtomicStructure, type ReadStructureOptions, readStructure, structureKind } from "./structure/read.js";
export { writeGlb } from "./surface/glb.js";
export { writePly } from "./surface/ply.js";
export { writeStl } from "./surface/stl.js";
export type { SurfacePart, WriteSurfaceOptions } from "./surface/surface-part.js";
export { readPytomProjections } from "./xml/projections.js";
export { type OpenZarrOptions, openZarr, readZarr, type ZarrLevel, type ZarrStore } from "./zarr/read.js";
