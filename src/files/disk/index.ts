/** Files that are whole or not there, and what lets a long job continue where it was stopped. */
export { packageVersion } from "../package/index.js";
export {
  ensureWritableFolder,
  type FileContent,
  failing,
  fileError,
  fileExists,
  openRandomAccess,
  readFileBytes,
  readFileEnd,
  refuseToOverwrite,
  writeFileAtomic,
} from "./disk.js";
export { type FileKind, fileKind } from "./file-kind.js";
export { freeBytes } from "./free-bytes.js";
export { copyFileAtomic, createGrowingFile, openGrowingFile } from "./growing-file.js";
export { readJson } from "./json.js";
export { openKeptStates } from "./kept-state.js";
export { byteLengthOf, changedMilliseconds, isPattern, listedFiles, matchingPaths } from "./listing.js";
export { makeFolder } from "./made-folders.js";
export { type PartialFile, partialFile } from "./partial-file.js";
export { privateFile } from "./private-file.js";
export { readFolder } from "./read-folder.js";
export { openRowFile } from "./row-file.js";
export { type StagedFiles, withStagedFiles } from "./staged-files.js";
export { openStages, type StageRecord, type StageTime } from "./stages.js";
export { openSteps, type StepFiles } from "./steps.js";
export { HOST, nameFinished, removedAfterUse, temporaryPath } from "./temporary.js";
export {
  digestOf,
  openWorkNotes,
  realPath,
  removeFolder,
  shortHash,
  temporaryFolder,
  type WorkNotes,
  workFolderFor,
} from "./work-folder.js";
export { folderBytes, isFolder, isZarrFolder, zarrFolder } from "./zarr-folder.js";
