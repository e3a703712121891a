/** The page as a site without a server: the engine is a worker of the page. `?device=webgpu` or `wasm` says what it computes with. */
import { connectToWorker } from "./client/index.js";
import { showFailure, startPage } from "./start.js";
import { askedDevice, deviceInAddress } from "./state/device.js";

askedDevice.value = deviceInAddress();
const worker = new Worker(new URL("../browser-engine/worker.ts", import.meta.url), {
  type: "module",
  name: askedDevice.value,
});
worker.addEventListener("error", ({ message }) =>
  showFailure("What computes in this page did not start.", message || "See whether all files of the site are there."),
);
await startPage(connectToWorker(worker));
