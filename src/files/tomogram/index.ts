export { openTomogramGrid, type TomogramGrid } from "./grid.js";
export { readMrcSections, sectionOf, writeMrcSections } from "./mrc-sections.js";
export { writeOmeZarr } from "./ome-zarr.js";
export { eachSection, type OpenTomogramOptions, openTomogram, type StageProgress, type Tomogram } from "./open.js";
export { type ReadVolumeFileOptions, readVolumeFile, type VolumeFile } from "./read-volume.js";
export { createRegionReader, createSweepReader, type GreyScale } from "./regions.js";
export { surveyed, type TomogramSurvey } from "./survey.js";
export type { StatedVoxelSize } from "./voxel-size.js";
