/** Calls of the engine's methods. */
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  createTurns,
  decodeEnvelope,
  ENGINE_METHODS,
  ENVELOPE_TYPE,
  envelopePieces,
  type WorkbenchEngine,
} from "../protocol/index.js";
import { answerPieces } from "./answer.js";
import { refusal } from "./refusal.js";
import { readBody } from "./request-body.js";

/** A call is a few numbers and names, or some thousand positions. */
const LARGEST_CALL_BYTES = 2 ** 20;
const MOST_PARAMETERS = 8;
/** Answers with volumes of numbers that are made or on their way at a time; more of them wait, as small as they were asked for. */
const MOST_LARGE_ANSWERS = 12;
/** What the answers of these hold is small, whatever was asked; some take long. */
const SMALL_ANSWERS: ReadonlySet<keyof WorkbenchEngine> = new Set([
  ...(["about", "listFolder", "state", "take", "tomogram", "measure", "judgeExamples", "startRun"] as const),
  ...(["cancelRun", "exportFormats", "startPractice", "compareWithTruth", "resumeRun", "segmentation"] as const),
]);

interface CallOptions {
  readonly engine: WorkbenchEngine;
  readonly silenceMilliseconds: number;
}

/** Gives what answers `POST /call/METHOD`. What it throws is said to the page. */
export function createCalls({ engine, silenceMilliseconds }: CallOptions) {
  const methods = engine as unknown as Readonly<
    Record<keyof WorkbenchEngine, (...parameters: readonly unknown[]) => Promise<unknown>>
  >;
  const turns = createTurns(MOST_LARGE_ANSWERS);
  const bounds = { largestBytes: LARGEST_CALL_BYTES, silenceMilliseconds, milliseconds: 2 * silenceMilliseconds };
  return async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = ENGINE_METHODS.find((known) => known === name);
    if (method === undefined) throw refusal(404, "the workbench has no such method");
    const parameters = parametersIn(await readBody(request, bounds));
    const send = async () => {
      if (response.destroyed) return; // whoever asked has gone
      answerPieces(response, ENVELOPE_TYPE, envelopePieces(await methods[method](...parameters)));
      await sent(response);
    };
    await (SMALL_ANSWERS.has(method) ? send() : turns.take(send));
  };
}

function parametersIn(body: Uint8Array<ArrayBuffer>): readonly unknown[] {
  const parameters = decodeEnvelope(body);
  if (!Array.isArray(parameters) || parameters.length > MOST_PARAMETERS)
    throw refusal(400, `the parameters of a call are an array of up to ${MOST_PARAMETERS}`);
  return parameters;
}

/** Resolves when the answer has gone, or nobody takes it any more. */
function sent(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.writableFinished || response.destroyed) resolve();
    else response.once("close", resolve);
  });
}
