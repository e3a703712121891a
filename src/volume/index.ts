export { type AxisFrame, frameOf, rotateCube } from "./axis-frame.js";
export { centreOfMass, mirrorHand } from "./centring.js";
export {
  type ContrastTransfer,
  contrastTransferFunction,
  electronWavelengthAngstrom,
  exposureWeight,
} from "./contrast-transfer.js";
export { excessNoiseFilter, filterCubes } from "./excess-noise.js";
export { createFftLine } from "./fft/fft-line.js";
export { fftPair } from "./fft/fft-pair.js";
export { createFft3, type Fft3, interpolationCorrection } from "./fft/fft3.js";
export { flip, wedgePreservingMirrors, wedgePreservingRotations } from "./flip.js";
export { gaussianFilterInPlace } from "./gaussian.js";
export { solvePositive } from "./linear-system.js";
export { forEachFrequency, meanPower, shellMeans } from "./mean-power.js";
export { createPointGrid, type PointGrid } from "./point-grid.js";
export { composePoses, invertPose, type Pose } from "./pose.js";
export {
  angleBetweenQuaternions,
  conjugateQuaternion,
  type Matrix3,
  multiplyQuaternions,
  NO_TURN,
  normaliseQuaternion,
  type Quaternion,
  quaternionFromAxisAngle,
  quaternionFromMatrix,
  quaternionToMatrix,
  randomQuaternion,
  rotateVector,
} from "./quaternion.js";
export { createRandom, type Random } from "./random.js";
export { rescaleFourier } from "./rescale.js";
export { type RotateOptions, rotateVolume, sampleLinear } from "./rotate.js";
export {
  meanAndDeviation,
  median,
  normaliseEachInPlace,
  normaliseInPlace,
  OF_MEDIAN_DEVIATIONS,
  robustDeviation,
  valueOfRank,
} from "./statistics.js";
export { enclosedVolume, longestExtent, surfaceArea } from "./surface/surface-measure.js";
export { placeMesh, type SurfaceMesh, surfaceMesh, triangleNormal } from "./surface/surface-mesh.js";
export { closure } from "./symmetry/closure.js";
export { evenQuaternions } from "./symmetry/even-rotations.js";
export {
  type FindSymmetryOptions,
  type FoundSymmetry,
  findSymmetry,
  keepsSymmetry,
  NO_SYMMETRY,
  placeSymmetry,
} from "./symmetry/find-symmetry.js";
export { angleModuloSymmetry, nearestEquivalent } from "./symmetry/modulo.js";
export { type PointGroupName, parsePointGroup, symmetryOperators } from "./symmetry/point-group.js";
export { symmetriseVolume } from "./symmetry/symmetrise.js";
export { type Axis, measureTiltGeometry, type TiltGeometry } from "./tilt-geometry.js";
export {
  centreIndex,
  createVolume,
  type Shape3,
  type Vector3,
  type Volume,
  type VoxelGrid,
  voxelCount,
} from "./volume.js";
export { wedgeMask } from "./wedge.js";
