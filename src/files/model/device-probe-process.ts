/** Process that tries a graphics processor, and its speed where the first argument is "timed", and sends a `DeviceProbe`. */
import { readFileBytes } from "../disk/index.js";
import { DEFAULT_MODEL_PATH } from "./default-model.js";
import { probeDevice } from "./device-probe.js";
import { nodeRuntime } from "./onnx-runtime.js";
import { hasDriverOpen, openFiles } from "./open-drivers.js";

process.on("disconnect", () => process.exit());
// Ctrl-C reaches all processes of the terminal: what it means is for the one that asked to say.
process.on("SIGINT", () => {});
const isTimed = process.argv[2] === "timed";
const probe = await probeDevice(nodeRuntime, await readFileBytes(DEFAULT_MODEL_PATH), { isTimed });
const files = await openFiles();
process.send?.({ ...probe, isSoftware: files && !hasDriverOpen(files) }, () => process.exit());
