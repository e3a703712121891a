/** The page as a site without a server: the engine is a worker of the page. `?device=webgpu` asks for the graphics processor. */
import { connectToWorker } from "./client/index.js";
import { showFailure, startPage } from "./start.js";

const device = new URLSearchParams(location.search).get("device") ?? "wasm";
const worker = new Worker(new URL("../browser-engine/worker.ts", import.meta.url), { type: "module", name: device });
worker.addEventListener("error", ({ message }) =>
  showFailure("What computes in this page did not start.", message || "See whether all files of the site are there."),
);
await startPage(connectToWorker(worker));
