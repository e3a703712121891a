/** Ways from the page to an engine. */
export { connectOverHttp } from "./http-client.js";
export { takeToken } from "./token.js";
export { connectToWorker } from "./worker-client.js";
