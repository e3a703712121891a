import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeRuntime } from "../../../files/model/index.js";
import { decodeDescription, encodeFittedModel, rangesOf } from "../../../model/index.js";
import { type OnnxSession, readModelConstants, readModelMetadata } from "../../../runtime/index.js";
import { checkSession, EXPECTED } from "./self-check.js";

const MODELS = join(import.meta.dirname, "../../../../models");
const { Tensor, InferenceSession } = nodeRuntime;

/** A session that computes as one does that takes a wrong weight. */
function disturbed(session: OnnxSession, output: string): OnnxSession {
  return {
    ...{ inputNames: session.inputNames, outputNames: session.outputNames, release: () => session.release() },
    async run(feeds) {
      const outputs = await session.run(feeds);
      const { data } = outputs[output] as { data: Float32Array };
      return { ...outputs, [output]: { data: data.map((value) => 0.9 * value) } };
    },
  };
}

const read = (name: string) => readFile(join(MODELS, name));
const inInt8 = async (name: string) => {
  const file = await read(name);
  const description = decodeDescription(readModelMetadata(file));
  if (!description?.quantisation) throw new Error("the model that ships holds ranges");
  return encodeFittedModel(description, readModelConstants(file), { quantised: rangesOf(description.quantisation) });
};

test.each([
  ["float32", read],
  ["8 bits", inInt8],
] as const)(
  "the classifier as it ships gives in %s what is expected, and what differs is refused",
  async (_, graph) => {
    const session = await InferenceSession.create(await graph("cosnet.onnx"), {});
    await expect(checkSession(session, Tensor, EXPECTED)).resolves.toBeUndefined();
    await expect(checkSession(disturbed(session, EXPECTED.output), Tensor, EXPECTED)).rejects.toThrow(
      `computes the model wrongly: ${EXPECTED.output} is off by`,
    );
    await session.release();
  },
);
