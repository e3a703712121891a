import { expect, test } from "vitest";
import type { SessionInputs } from "./array.js";
import type { OnnxRuntime, SessionOptions } from "./session.js";
import { createStateSession } from "./state-session.js";

interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  readonly location: string;
  dispose(): void;
}

/** A runtime of one model, `next = state + by` and `report = 10 by`, that keeps `next` where it is asked to, and of graphs that copy. */
function adderOn(device: "cpu" | "webgpu", { error = 0 } = {}) {
  const seen = { onDevice: 0, sessions: 0, released: 0 };
  const tensor = (data: Float32Array, location: string): Tensor => {
    if (location !== "cpu") seen.onDevice++;
    return { data, dims: [data.length], location, dispose: () => void seen.onDevice-- };
  };
  const runtime: OnnxRuntime = {
    Tensor: class {
      readonly location = "cpu";
      constructor(
        _: string,
        readonly data: SessionInputs[string]["data"],
        readonly dims: readonly number[],
      ) {}
    },
    InferenceSession: {
      async create(model, { executionProviders: places, preferredOutputLocation: kept }) {
        seen.sessions++;
        const isCopy = model.length > 0;
        const off = (places as readonly string[])[0] === "cpu" ? 0 : error;
        return {
          ...{ inputNames: isCopy ? ["0"] : ["state", "by"], outputNames: isCopy ? ["copy of 0"] : ["next", "report"] },
          async run(feeds) {
            if (isCopy) return { "copy of 0": tensor((feeds["0"] as Tensor).data, "cpu") };
            const [state, by] = [feeds.state as Tensor, feeds.by as Tensor];
            const next = state.data.map((value) => value + by.data[0]! + off);
            return {
              next: tensor(next, kept ? "gpu-buffer" : "cpu"),
              report: tensor(
                by.data.map((x) => 10 * x),
                "cpu",
              ),
            };
          },
          async release() {
            seen.released++;
          },
        };
      },
    },
  };
  const options: SessionOptions = { device };
  return { seen, open: () => createStateSession(runtime, new Uint8Array(0), { state: "next" }, options) };
}

const vector = (...values: number[]) => ({ data: Float32Array.from(values), shape: [values.length] });

test.each(["cpu", "webgpu"] as const)("a state goes on from run to run on %s, until it is taken", async (device) => {
  const { open, seen } = adderOn(device);
  const session = await open();
  expect(await session.run({ state: vector(1, 2), by: vector(1) })).toEqual({ report: vector(10) });
  for (let i = 0; i < 3; i++) await session.run({ by: vector(2) });
  expect(seen.onDevice).toBe(device === "cpu" ? 0 : 1);
  expect(await session.takeState()).toEqual({ state: vector(8, 9) });
  expect(seen.onDevice).toBe(0);
  await session.run({ state: vector(0, 0), by: vector(5) });
  expect(await session.takeState()).toEqual({ state: vector(5, 5) });
  await session.release();
  expect(seen.released).toBe(seen.sessions); // by WebGPU the model, the processor's for the first answer, and what reads
});

test("a state that the device computes wrongly is refused, and nothing of it stays", async () => {
  const { open, seen } = adderOn("webgpu", { error: 1 });
  const session = await open();
  await expect(session.run({ state: vector(1, 2), by: vector(1) })).rejects.toThrow("next is off by 1.0 where 3.0");
  await session.release();
  expect(seen).toMatchObject({ onDevice: 0, sessions: 3, released: 3 });
});
