/** Worker thread with a session of ONNX Runtime: inputs of a run in, its outputs out. */
import { parentPort, workerData } from "node:worker_threads";
import { nodeRuntime } from "./onnx-runtime.js";
import { type Arrays, buffersOf, type RunRequest, type ThreadReply, type ThreadStart } from "./session-thread.js";

const { Tensor, InferenceSession } = nodeRuntime;
const { model, options } = workerData as ThreadStart;
const opening = InferenceSession.create(model, options);
opening.then(
  ({ inputNames, outputNames }) => reply({ inputNames, outputNames }),
  (error) => reply({ failure: messageOf(error) }),
);

parentPort?.on("message", async ({ id, inputs }: RunRequest) => {
  try {
    const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [name, new Tensor("float32", data, dims)]);
    const tensors = (await (await opening).run(Object.fromEntries(feeds))) as Arrays;
    const outputs = Object.fromEntries(Object.entries(tensors).map(([name, { data, dims }]) => [name, { data, dims }]));
    reply({ id, outputs }, buffersOf(outputs));
  } catch (error) {
    reply({ id, failure: messageOf(error) });
  }
});

function reply(message: ThreadReply, handedOver: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...handedOver]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
