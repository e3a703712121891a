/**
 * The local server of the workbench: the page, calls of the engine, its events, files that are dropped on the page, and reports. It
 * is node:http alone: with a fixed table of files and a handful of routes there is nothing left for a framework to do.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createToken, listening } from "../../files/network/index.js";
import {
  CALL_PATH,
  type EngineClient,
  EVENTS_PATH,
  FILES_PATH,
  REPORT_LINKS_PATH,
  REPORTS_PATH,
  TOKEN_IN_FRAGMENT,
} from "../protocol/index.js";
import { checkCaller, checkHost } from "./admission.js";
import { answerFailure, answerJson, setCommonHeaders } from "./answer.js";
import { createCalls } from "./calls.js";
import { createEventStreams } from "./events.js";
import { answerPageFile, readPageFiles } from "./page-files.js";
import { refusal } from "./refusal.js";
import { createReports } from "./reports.js";
import { takeUpload } from "./uploads.js";

export interface ServerOptions {
  readonly engine: Omit<EngineClient, "addFile" | "reportAddress">;
  /** Holds index.html and what belongs to it. */
  readonly pageFolder: string;
  /** Where dropped files go. */
  readonly uploadFolder: string;
  readonly largestUploadBytes?: number;
  readonly host?: string;
  /** 0: any that is free. */
  readonly port?: number;
  /** Longest silence of somebody who sends. */
  readonly silenceMilliseconds?: number;
}

export interface WorkbenchServer extends AsyncDisposable {
  /** With the token: whoever has it can do what the page can. */
  readonly url: string;
  readonly port: number;
}

const LARGEST_UPLOAD_BYTES = 4 * 2 ** 30;
const SILENCE_MILLISECONDS = 30_000;
const LARGEST_HEADER_BYTES = 16 * 2 ** 10;
const MOST_CONNECTIONS = 4096;

/** @throws ConfigError when the port is taken; FileError when the page is not there. */
export async function startServer(options: ServerOptions): Promise<WorkbenchServer> {
  const { engine, host = "127.0.0.1", port = 0, silenceMilliseconds = SILENCE_MILLISECONDS } = options;
  const token = createToken();
  const page = await readPageFiles(options.pageFolder);
  const call = createCalls({ engine, silenceMilliseconds });
  const upload = {
    folder: options.uploadFolder,
    largestBytes: options.largestUploadBytes ?? LARGEST_UPLOAD_BYTES,
    silenceMilliseconds,
  };
  const events = createEventStreams(engine);
  const reports = createReports(engine);

  const answerRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkHost(request, host);
    const path = (request.url ?? "").replace(/\?.*$/s, "");
    const file = page.get(path);
    if (file) {
      checkMethod(request, "GET", "HEAD");
      return answerPageFile(request, response, file);
    }
    if (path.startsWith(REPORTS_PATH)) {
      checkMethod(request, "GET");
      return reports.answer(path.slice(REPORTS_PATH.length), request, response);
    }
    checkCaller(request, token);
    if (path.startsWith(CALL_PATH)) {
      checkMethod(request, "POST");
      return call(path.slice(CALL_PATH.length), request, response);
    }
    if (path === EVENTS_PATH) {
      checkMethod(request, "GET");
      return events.add(response);
    }
    if (path.startsWith(FILES_PATH)) {
      checkMethod(request, "PUT");
      const name = decoded(path.slice(FILES_PATH.length));
      return answerJson(response, 200, { path: await takeUpload(name, request, upload) });
    }
    if (path.startsWith(REPORT_LINKS_PATH)) {
      checkMethod(request, "POST");
      const { searchParams } = new URL(request.url ?? "", "http://localhost");
      const runId = decoded(path.slice(REPORT_LINKS_PATH.length));
      return answerJson(response, 200, { path: reports.link(runId, searchParams.get("tomogram") ?? undefined) });
    }
    throw refusal(404, "there is no such page");
  };
  const server = createServer({
    maxHeaderSize: LARGEST_HEADER_BYTES,
    headersTimeout: silenceMilliseconds,
    connectionsCheckingInterval: silenceMilliseconds / 2,
    requestTimeout: 0, // bodies have bounds of their own
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on("request", (request, response) => {
    setCommonHeaders(response);
    answerRequest(request, response).catch((error) => answerFailure(request, response, error));
  });
  const close = async () => {
    events[Symbol.dispose]();
    await closed(server);
  };
  try {
    const actualPort = await listening(server, { port, host, hostHint: "Give another --host." });
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}/#${TOKEN_IN_FRAGMENT}=${token}`,
      port: actualPort,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Ends a server with all its connections, whatever is still on its way. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function checkMethod({ method = "" }: IncomingMessage, ...allowed: readonly string[]): void {
  if (!allowed.includes(method))
    throw refusal(405, `${method} is not possible here`, { headers: { Allow: allowed.join(", ") } });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal(400, "the name of the file is not properly encoded");
  }
}
