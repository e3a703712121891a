/**
 * cosnet as a library, for any JavaScript environment: volumes and file formats, simulation, networks, inference and
 * evaluation, all in memory. `cosnet/node` adds files, models, and every job of the command line.
 *
 * Which of two examples is a particle more like? Boxes may be of any size, voxel size and sign:
 *
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import * as onnxruntime from "onnxruntime-node"; // onnxruntime-web in a browser
 * import {
 *   adaptedEmbedder,
 *   classifyEmbeddings,
 *   createEmbedder,
 *   measureAdaptation,
 *   prepareBoxes,
 *   readMrc,
 * } from "cosnet";
 *
 * const box = async (path: string) => readMrc(await readFile(path)).volume;
 * const embedder = await createEmbedder(onnxruntime, await readFile("model.onnx"));
 * const { description } = embedder;
 *
 * const boxes = [await box("ribosome.mrc"), await box("proteasome.mrc"), await box("unknown.mrc")];
 * const volumes = prepareBoxes(boxes, description, { inverted: true }); // protein is dark in these files
 * const adapted = adaptedEmbedder(embedder, measureAdaptation(volumes, description.edge));
 * const examples = await adapted.embed(volumes.subarray(0, 2 * description.edge ** 3));
 * const unknown = await adapted.embed(volumes.subarray(2 * description.edge ** 3));
 * const [answer] = classifyEmbeddings(unknown, examples, [0, 1], { classCount: 2, description });
 * console.log(["ribosome", "proteasome"][answer.classIndex], answer.probability);
 * await embedder.release();
 * ```
 *
 * `unknown.masks` is where the particle is in its box; `refineMask` sharpens it.
 *
 * @module cosnet
 */
import { classifyEmbeddings } from "./infer/index.js";

export {
  AbortError,
  ConfigError,
  CosnetError,
  type CosnetErrorOptions,
  FileError,
  FormatError,
  isCosnetError,
  ModelError,
  ShapeError,
} from "./errors.js";
export {
  adjustedRandIndex,
  averagePrecision,
  type BenchmarkCell,
  type BenchmarkDice,
  type BenchmarkResult,
  type BenchmarkSpread,
  type CalibrationScore,
  type ClassPickScore,
  type ConfusionMatrix,
  confusionMatrix,
  type DetectionScore,
  dice,
  type EpisodeOptions,
  type EpisodeResult,
  type Interval,
  type LocalisationError,
  type MacroPickScore,
  type MeanWithInterval,
  matchPicks,
  mcnemarTest,
  meanInterval,
  type PairedTest,
  type PickedParticle,
  type PickMatch,
  type PickOutcomes,
  type PickScores,
  type PrecisionRecallPoint,
  type ReliabilityBin,
  runEpisodes,
  type SecondComparison,
  type ShapeStatistics,
  type Shrec21ClassScore,
  type Shrec21Prediction,
  type Shrec21Score,
  scorePicks,
  scoreShrec21,
  shapeStatistics,
  type TomogramPickScore,
  type TrueParticle,
  wilsonInterval,
} from "./evaluate/index.js";
export {
  type BinaryKind,
  differentiate,
  type EncodeOptions,
  encodeOnnx,
  type Operand,
  type Operation,
  op,
  type Reduction,
  type Shape,
  type Tensor,
  type UnaryKind,
} from "./graph/index.js";
export {
  type Adaptation,
  adaptedEmbedder,
  adaptVolumes,
  averagedMasks,
  type Classification,
  type ClassifyEmbeddingsOptions,
  type CrfParameters,
  type CrfProblem,
  classifyEmbeddings,
  createEmbedder,
  describeAdaptation,
  type Embedded,
  type Embedder,
  type EmbedOptions,
  embedHalfTurns,
  fittedCrf,
  leaveOneOut,
  measureAdaptation,
  type OrientationEvidence,
  type PrepareBoxesOptions,
  paperCrf,
  prepareBoxes,
  type RefinedLabels,
  type RefinedMask,
  type RefineLabelsOptions,
  type RefineMaskOptions,
  type RefineTilesOptions,
  refineLabels,
  refineMask,
  refineTiles,
  type Spectra,
  similarityMatrix,
} from "./infer/index.js";
export {
  type AtomicStructure,
  type ByteOrder,
  type EmHeader,
  type Field,
  type Hdf5Entry,
  type Hdf5Reading,
  type MicroscopeOptions,
  type MrcBox,
  type MrcFields,
  type MrcFinding,
  type MrcHeader,
  type MrcReading,
  type NpyArray,
  type OpenZarrOptions,
  type Particle,
  type ParticleFormat,
  type ParticleList,
  parseStar,
  type RandomAccessSource,
  type ReadEmOptions,
  type ReadHdf5Options,
  type ReadMrcBoxesOptions,
  type ReadMrcOptions,
  type ReadParticleListOptions,
  type ReadParticlesOptions,
  type ReadStructureOptions,
  type RelionFormat,
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
  type Safetensors,
  type SafetensorsArray,
  type SafetensorsType,
  type StarBlock,
  type StarColumn,
  type StarDocument,
  type StarTable,
  type Statistics,
  type SurfacePart,
  type TypedArrays,
  validateMrc,
  type WriteMrcOptions,
  type WriteParticleListOptions,
  type WriteParticlesOptions,
  type WriteSurfaceOptions,
  type WrittenParticleList,
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
  type ZarrLevel,
  type ZarrStore,
} from "./io/index.js";
export {
  type Calibration,
  type Comparison,
  type CosnetConfig,
  cosnetDefaults,
  createNetwork,
  encodeModel,
  type Initial,
  type Layers,
  type MaskLoss,
  type ModelDescription,
  type Network,
  type NetworkConfig,
  type NetworkOutput,
  type OptimiserSettings,
  type PaperConfig,
  type ParameterValues,
  type ReleasedConfig,
  type Similarity,
  type TrainingMethod,
} from "./model/index.js";
export { type Colour, type Picture, type SurfacePictureOptions, surfacePicture } from "./report/index.js";
export {
  type Array32,
  createSession,
  type OnnxRuntime,
  type OnnxSession,
  type Session,
  type SessionOptions,
} from "./runtime/index.js";
export {
  type Atoms,
  type Complex,
  complexFromAtoms,
  complexFromMap,
  createRenderer,
  defaultImaging,
  type ImagingConditions,
  type ImagingOptions,
  proceduralComplex,
  type Range,
  type RenderedParticle,
  type Renderer,
  type RenderRequest,
} from "./simulate/index.js";
export {
  type Axis,
  type AxisFrame,
  createFft3,
  createRandom,
  createVolume,
  type Fft3,
  type Quaternion,
  type Random,
  type RotateOptions,
  rescaleFourier,
  rotateVolume,
  type Shape3,
  type SurfaceMesh,
  surfaceMesh,
  type TiltGeometry,
  type Vector3,
  type Volume,
} from "./volume/index.js";

/** @deprecated Use {@link classifyEmbeddings}. */
export const classifyEmbedded = classifyEmbeddings;
