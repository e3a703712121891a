/** What the worker of the page is built of, for a test to build for Node: with the browser's file system, and ONNX Runtime in WebAssembly. */
export { mountFile, restoreFile } from "../../src/workbench/browser-engine/file-system/mount.js";
export { mkdir } from "../../src/workbench/browser-engine/node/file-system-promises.js";
export { openEngine } from "../../src/workbench/engine/index.js";
