/**
 * Reports in tabs of their own. A tab that is opened sends no header with the token, so the page, which has it, asks for a link: as
 * hard to guess as the token, it opens one report and nothing else, as long as the server runs.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createToken } from "../../files/network/index.js";
import type { EngineClient } from "../protocol/index.js";
import { REPORTS_PATH } from "../protocol/index.js";
import { answer } from "./answer.js";
import { refusal } from "./refusal.js";

export interface Reports {
  /** The path of a report. */
  link(runId: string, tomogramId: string | undefined): string;
  /** Answers as soon as the report is there, which may have to be drawn. @throws Refusal for a link that was not given out. */
  answer(ticket: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Nobody has more tabs open; whoever has loads the page again. */
const MOST_LINKS = 100;

/**
 * A report has its styles and pictures in itself and runs nothing. Whatever somebody may have written into it is of no origin, so
 * that it reaches neither the page nor the server. A page that is kept from its origin is not shown where it asks to be alone.
 */
const REPORT_HEADERS = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "sandbox",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "unsafe-none",
} as const;

export function createReports(engine: Pick<EngineClient, "report">): Reports {
  const links = new Map<string, { readonly runId: string; readonly tomogramId: string | undefined }>();
  return {
    link(runId, tomogramId) {
      const ticket = createToken();
      links.set(ticket, { runId, tomogramId });
      for (const oldest of links.keys()) if (links.size > MOST_LINKS) links.delete(oldest);
      return `${REPORTS_PATH}${ticket}`;
    },
    async answer(ticket, { headers }, response) {
      const site = headers["sec-fetch-site"];
      if (site !== undefined && site !== "same-origin" && site !== "none")
        throw refusal(403, "pages from elsewhere may not open reports");
      const of = links.get(ticket);
      if (!of) throw refusal(404, "this link opens no report", { hint: "Open the report from the workbench." });
      const { bytes } = await engine.report(of.runId, of.tomogramId);
      answer(response, 200, "text/html; charset=utf-8", bytes, REPORT_HEADERS);
    },
  };
}
