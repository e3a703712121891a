/**
 * cosnet as a library, for any JavaScript environment: volumes and file formats, simulation, networks, inference and
 * evaluation. Nothing here touches files or ONNX Runtime's binding; see `cosnet/node` for the whole jobs.
 */
export {
  AbortError,
  ConfigError,
  CosnetError,
  FileError,
  FormatError,
  isCosnetError,
  ModelError,
  ShapeError,
} from "./errors.js";
export {
  type BenchmarkCell,
  type BenchmarkDice,
  type BenchmarkResult,
  confusionMatrix,
  dice,
  mcnemarTest,
  meanInterval,
  runEpisodes,
  type ShapeStatistics,
  shapeStatistics,
  wilsonInterval,
} from "./evaluate/index.js";
export { differentiate, encodeOnnx, op, type Tensor } from "./graph/index.js";
export {
  type Classification,
  type CrfParameters,
  type CrfProblem,
  classify as classifyEmbedded,
  createEmbedder,
  type Embedded,
  type Embedder,
  fittedCrf,
  paperCrf,
  type RefinedLabels,
  type RefinedMask,
  refineLabels,
  refineMask,
  similarityMatrix,
} from "./infer/index.js";
export {
  type AtomicStructure,
  type Particle,
  type ParticleFormat,
  type ParticleList,
  parseStar,
  readEm,
  readHdf5,
  readMrc,
  readMrcBoxes,
  readNpy,
  readParticleList,
  readParticles,
  readSafetensors,
  readStructure,
  readZarr,
  type SurfacePart,
  validateMrc,
  writeEm,
  writeGlb,
  writeHdf5,
  writeMrc,
  writeNpy,
  writeParticleList,
  writeParticles,
  writePly,
  writeSafetensors,
  writeStar,
  writeStl,
} from "./io/index.js";
export {
  type CosnetConfig,
  cosnetDefaults,
  createNetwork,
  encodeModel,
  type ModelDescription,
  type NetworkConfig,
} from "./model/index.js";
export { surfacePicture } from "./report/index.js";
export { createSession, type OnnxRuntime, type Session } from "./runtime/index.js";
export {
  type Complex,
  complexFromAtoms,
  complexFromMap,
  createRenderer,
  defaultImaging,
  type ImagingOptions,
  proceduralComplex,
  type RenderedParticle,
  type Renderer,
} from "./simulate/index.js";
export {
  createFft3,
  createRandom,
  createVolume,
  type Quaternion,
  type Random,
  rescaleFourier,
  rotateVolume,
  type SurfaceMesh,
  surfaceMesh,
  type Vector3,
  type Volume,
} from "./volume/index.js";
