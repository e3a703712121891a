/** The page of the workbench. */
export { connectOverHttp, connectToWorker } from "./client/index.js";
export { showFailure, startPage } from "./start.js";
