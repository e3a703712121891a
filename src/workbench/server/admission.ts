/** Who is answered: pages of this server, opened by somebody who was given the token. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { isToken } from "../../files/network/index.js";
import { TOKEN_HEADER } from "../protocol/index.js";
import { refusal } from "./refusal.js";

const OPEN_THE_LINK = "Open the link that cosnet workbench printed.";

/**
 * Whether a host means this computer and not a name that somebody else points here (DNS rebinding). The port is free: it is another
 * one behind `ssh -L`.
 * @param served what the server listens on; where that is more than this computer, addresses in numbers are right as well.
 */
function isOwnHost(host: string | undefined, served: string): boolean {
  const name = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(host ?? "")?.[1]?.toLowerCase();
  if (name === undefined) return false;
  if (["127.0.0.1", "localhost", "[::1]"].includes(name)) return true;
  return !isLoopback(served) && (name === served.toLowerCase() || isIP(name.replace(/^\[|\]$/g, "")) !== 0);
}

/** Whether nobody but this computer reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** @throws Refusal when the request is for a name that is not this server's. */
export function checkHost({ headers }: IncomingMessage, served: string): void {
  if (!isOwnHost(headers.host, served))
    throw refusal(421, "this server does not answer under that name", { hint: OPEN_THE_LINK });
}

/** @throws Refusal when a page from elsewhere asks, or somebody without the token. */
export function checkCaller({ headers }: IncomingMessage, token: string): void {
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  if ((origin !== undefined && origin !== `http://${headers.host}`) || (site !== undefined && site !== "same-origin"))
    throw refusal(403, "pages from elsewhere may not ask this server");
  const given = headers[TOKEN_HEADER];
  if (typeof given !== "string" || !isToken(given, token))
    throw refusal(401, "the token is missing or wrong", { hint: OPEN_THE_LINK });
}
