export { packageVersion } from "../package/index.js";
export {
  ensureWritableFolder,
  fileError,
  fileExists,
  openRandomAccess,
  readFileBytes,
  refuseToOverwrite,
  removedAfterUse,
  writeFileAtomic,
} from "./disk.js";
export { type FileKind, fileKind } from "./file-kind.js";
export { createGrowingFile } from "./growing-file.js";
export { readJson } from "./json.js";
export { type PartialFile, partialFile } from "./partial-file.js";
export { type StagedFiles, withStagedFiles } from "./staged-files.js";
export {
  openWorkNotes,
  realPath,
  removeFolder,
  shortHash,
  temporaryFolder,
  workFolderFor,
} from "./work-folder.js";
export { folderBytes, isFolder, isZarrFolder, zarrFolder } from "./zarr-folder.js";
