/** An engine in the server that the page came from: calls by POST, events by a stream. */
import { CosnetError } from "../../../errors.js";
import {
  CALL_PATH,
  decodeEnvelope,
  type EngineClient,
  encodeEnvelope,
  engineOverCalls,
  errorOf,
  FILES_PATH,
  type FileLike,
  REPORT_LINKS_PATH,
  TOKEN_HEADER,
  type WorkbenchEngine,
  type WorkbenchFailure,
} from "../../protocol/index.js";
import { eventStream } from "./event-stream.js";
import { responseBytes } from "./response-bytes.js";

/** The server does not answer. */
class ConnectionError extends CosnetError {
  readonly tag = "connection";
}

export function connectOverHttp(token: string): EngineClient {
  const headers = { [TOKEN_HEADER]: token };
  const call = async (method: keyof WorkbenchEngine, parameters: readonly unknown[]): Promise<unknown> => {
    const body = encodeEnvelope(parameters.slice(0, 1 + parameters.findLastIndex((given) => given !== undefined)));
    const response = await reached(fetch(`${CALL_PATH}${method}`, { method: "POST", headers, body }));
    if (!response.ok) throw await failureIn(response);
    return decodeEnvelope(await reached(responseBytes(response))) ?? undefined;
  };
  return {
    ...engineOverCalls(call),
    subscribe: eventStream(headers),
    async reportAddress(runId, tomogramId) {
      const query = tomogramId === undefined ? "" : `?tomogram=${encodeURIComponent(tomogramId)}`;
      const path = `${REPORT_LINKS_PATH}${encodeURIComponent(runId)}${query}`;
      const response = await reached(fetch(path, { method: "POST", headers }));
      if (!response.ok) throw await failureIn(response);
      return ((await reached(response.json())) as { readonly path: string }).path;
    },
    addFile: (file, tell) => upload(file, headers, tell),
  };
}

/** @throws ConnectionError where nothing answers. */
async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw unreachable(cause);
  }
}

function unreachable(cause?: unknown): ConnectionError {
  return new ConnectionError("cosnet does not answer", {
    cause,
    hint: "See whether `cosnet workbench` still runs in its terminal.",
  });
}

async function failureIn(response: Response): Promise<Error> {
  return failureOfText(await reached(response.text()), response.status);
}

function failureOfText(text: string, status: number): Error {
  try {
    return errorOf(JSON.parse(text) as WorkbenchFailure);
  } catch {
    return new Error(`the server answered with status ${status}`);
  }
}

/** By XMLHttpRequest, for `fetch` does not say how far it has sent. */
function upload(
  file: FileLike,
  headers: Readonly<Record<string, string>>,
  tell?: (doneBytes: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `${FILES_PATH}${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => tell?.(loaded);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      if (request.status !== 200) reject(failureOfText(request.responseText, request.status));
      else resolve((JSON.parse(request.responseText) as { readonly path: string }).path);
    };
    request.send(file as File);
  });
}
