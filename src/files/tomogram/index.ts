export { createRegionReader, type GreyScale, openTomogramGrid, type SectionSource, type TomogramGrid } from "./grid.js";
export { readMrcSections, writeMrcSections } from "./mrc-sections.js";
export { writeOmeZarr } from "./ome-zarr.js";
export { openSections, type SectionReader, type StageProgress } from "./sections.js";
export { readVolumeFile } from "./volume-file.js";
