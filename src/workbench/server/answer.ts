/** Answers, with what every one of them says to the browser. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { failureOf } from "../protocol/index.js";
import { Refusal, reasonOf, statusOf } from "./refusal.js";

/** Only what the page's own files say runs, nothing comes from elsewhere, nobody frames it, and what it shows goes nowhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const ALWAYS = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

export function setCommonHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
}

/** Ends the answer; what it holds is not kept by the browser. */
export function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    "Cache-Control": "no-store",
    ...headers,
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** An answer that is in memory in pieces. */
export function answerPieces(response: ServerResponse, type: string, pieces: readonly Uint8Array[]): void {
  response.writeHead(200, {
    "Cache-Control": "no-store",
    "Content-Type": type,
    "Content-Length": pieces.reduce((sum, { byteLength }) => sum + byteLength, 0),
  });
  response.cork(); // so that they go out together
  for (const piece of pieces) if (piece.byteLength > 0) response.write(piece);
  response.end();
}

export function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  answer(response, status, "application/json", JSON.stringify(value), headers);
}

/** How long somebody who is still sending may read why they are refused. */
const READING_MILLISECONDS = 500;

/** Says what was wrong. What is left of the request is thrown away, and not waited for. */
export function answerFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const headers = error instanceof Refusal ? error.headers : {};
  if (request.complete) {
    answerJson(response, statusOf(error), failureOf(reasonOf(error)), headers);
    return;
  }
  answerJson(response, statusOf(error), failureOf(reasonOf(error)), { ...headers, Connection: "close" });
  request.resume();
  setTimeout(() => request.socket.destroy(), READING_MILLISECONDS).unref();
}
