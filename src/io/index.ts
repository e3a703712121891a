export { copickName, copickPath } from "./particles/copick/picks.js";
export { writeDynamoTomograms } from "./particles/dynamo/table.js";
export { PARTICLE_CODECS, PARTICLE_FORMATS, type ParticleFormat, particleFormatOfName } from "./particles/formats.js";
export { type AlignedBox, alignedParticle } from "./particles/model/aligned.js";
export {
  classesOfExamples,
  classesOfList,
  classLabel,
  classNameOf,
  exampleClassOf,
  isNegativeClass,
  type ParticleClasses,
} from "./particles/model/classes.js";
export { relionAnglesFromQuaternion } from "./particles/model/euler.js";
export type { Particle, ParticleList } from "./particles/model/particle-list.js";
export { coordinatePixelSizes, type PlacementOptions, positionsFromFirstVoxel } from "./particles/model/placement.js";
export { renamingText } from "./particles/model/renaming.js";
export { columnNumber, scoreOf } from "./particles/model/score.js";
export {
  type ContrastName,
  commonFact,
  reachOf,
  statedContrast,
  statedVoxelSize,
  type TomogramFacts,
  tomogramFactColumns,
} from "./particles/model/tomogram-facts.js";
export { isSameTomogram, pairTomograms, tomogramNameOf } from "./particles/model/tomogram-name.js";
export {
  particleFormatOf,
  type ReadParticleListOptions,
  readParticleList,
  readParticleListSteps,
} from "./particles/read.js";
export { particleFormatLabel, recogniseParticleFormat, textStart } from "./particles/recognise.js";
export { relionFormatOf } from "./particles/star/dialect.js";
export { hasImageStack, IMAGE_STACK_HINT } from "./particles/star/image-stacks.js";
export { type ReadParticlesOptions, readParticles, readParticlesSteps } from "./particles/star/read.js";
export { hasParticleTable } from "./particles/star/source.js";
export { readTomogramSizes } from "./particles/star/tomogram-sizes.js";
export {
  type MicroscopeOptions,
  type RelionFormat,
  type WriteParticlesOptions,
  writeParticles,
} from "./particles/star/write.js";
export { writeOptimisationSet } from "./particles/star/write-optimisation-set.js";
export { writeTomograms } from "./particles/star/write-tomograms.js";
export {
  encodeParticleList,
  type WriteParticleListOptions,
  type WrittenParticleList,
  writeParticleList,
} from "./particles/write.js";
export {
  looksLikeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type Safetensors,
  type SafetensorsArray,
  type SafetensorsType,
  type TypedArrays,
  writeSafetensors,
} from "./safetensors/safetensors.js";
export { eachRow, type Steps } from "./steps.js";
export { type AtomicStructure, type ReadStructureOptions, readStructure, structureKind } from "./structures/read.js";
export { writeGlb } from "./surfaces/glb.js";
export { readPly, writePly } from "./surfaces/ply.js";
export { writeStl } from "./surfaces/stl.js";
export type { SurfacePart, WriteSurfaceOptions } from "./surfaces/surface-part.js";
export { foreignCompression } from "./text/compressed.js";
export { csvQuoted, csvText } from "./text/csv-write.js";
export { isGzip, largestContent, tooLargeContent } from "./text/gzip.js";
export { parseDecimal } from "./text/number.js";
export {
  arrayTable,
  findTable,
  numberColumn,
  type StarBlock,
  type StarColumn,
  type StarDocument,
  type StarTable,
  starLoop,
} from "./text/star/document.js";
export { parseStar } from "./text/star/parse.js";
export { looksLikeStar, scanStarSteps } from "./text/star/scan.js";
export { writeStar } from "./text/star/write.js";
export { looksLikeMdoc, readMdoc } from "./tilts/mdoc.js";
export { starVector } from "./tilts/projection.js";
export { readPytomProjections } from "./tilts/pytom-projections.js";
export { readTiltAngles } from "./tilts/tilt-angles.js";
export { readTiltSeries, type TiltSeries, type TiltSeriesImage, tiltSeriesFile } from "./tilts/tilt-series.js";
export { type MrcBox, outsideFractionOf, type ReadMrcBoxesOptions, readBox, readMrcBoxes } from "./volumes/boxes.js";
export { type Census, censusOf, censusWarnings, createCensus } from "./volumes/census.js";
export type { DecodeVolumeOptions, VolumeReading } from "./volumes/codec.js";
export { type EmHeader, type ReadEmOptions, readEm } from "./volumes/em/read.js";
export { writeEm } from "./volumes/em/write.js";
export {
  isVolumeFileFormat,
  recogniseVolumeFormat,
  VOLUME_CODECS,
  VOLUME_FILE_CODECS,
  VOLUME_FORMATS,
  type VolumeFileFormat,
  type VolumeFormat,
  volumeFormatOfName,
} from "./volumes/formats.js";
export {
  type Hdf5Entry,
  type Hdf5Reading,
  listHdf5,
  type ReadHdf5Options,
  readHdf5,
  writeHdf5,
} from "./volumes/hdf5/volume.js";
export { type Field, MRC_HEADER, type MrcFields } from "./volumes/mrc/fields.js";
export { looksLikeMrc, type MrcHeader } from "./volumes/mrc/header.js";
export { decodeVoxels, MRC_MODES, type MrcMode, smallestMrcMode } from "./volumes/mrc/modes.js";
export { openMrc } from "./volumes/mrc/open.js";
export {
  type MrcReading,
  type ReadMrcOptions,
  readMrc,
} from "./volumes/mrc/read.js";
export { mrcReaderWarnings } from "./volumes/mrc/readers.js";
export { type MrcFinding, validateMrc } from "./volumes/mrc/validate.js";
export { type WriteMrcOptions, writeMrc } from "./volumes/mrc/write.js";
export { type NpyArray, npyHeader, readNpy, writeNpy } from "./volumes/npy/npy.js";
export { type ByteOrder, littleEndianBytes, type NumberArray } from "./volumes/numbers.js";
export {
  cutBlock,
  memorySource,
  type RandomAccessSource,
  readerOf,
  type VolumeReader,
} from "./volumes/random-access.js";
export {
  createStatistics,
  type Statistics,
  statisticsOf,
  valueWarnings,
  withValueWarnings,
} from "./volumes/statistics.js";
export { openTiff, type TiffReader } from "./volumes/tiff/read.js";
export { writeTiff } from "./volumes/tiff/write.js";
export { overriddenVoxelSize } from "./volumes/voxel-size.js";
export { type OpenZarrOptions, openZarr, readZarr, type ZarrLevel } from "./volumes/zarr/read.js";
export type { ZarrStore } from "./volumes/zarr/store.js";
export { encodeZarrArray, encodeZarrChunk, encodeZarrGroup, type ZarrValues } from "./volumes/zarr/write.js";
