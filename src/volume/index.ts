export { createRandom, type Random } from "./random.js";
export { centreIndex, createVolume, type Shape3, type Vector3, type Volume, voxelCount } from "./volume.js";
