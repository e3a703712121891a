/**
 * What the page and the local server say to each other over HTTP.
 *
 * The link that a person opens ends in `#token=...`. A fragment is in no request and no Referer; the page takes it out of the
 * address and sends it as a header with every request. A cookie would go to every other server of this computer, whatever its port.
 */

/** Carries the token with every request but those for the page itself. */
export const TOKEN_HEADER = "x-cosnet-token";

/** The token's name in the fragment of the link. */
export const TOKEN_IN_FRAGMENT = "token";

/**
 * `POST /call/METHOD`: an envelope of the array of parameters in, an envelope of the result out. What fails has another status than
 * 200 and a `WorkbenchFailure` as JSON.
 */
export const CALL_PATH = "/call/";

/** `GET /events`: every `EngineEvent` as JSON in a stream of server-sent events, the first of them the project as it is now. */
export const EVENTS_PATH = "/events";

/** `PUT /files/NAME`: takes a file's bytes and gives `{ "path": ... }`, under which the engine opens it. */
export const FILES_PATH = "/files/";

/** `POST /report-links/RUN`, `?tomogram=ID` where each has its own: gives `{ "path": ... }`, which opens the report in a tab of its own. */
export const REPORT_LINKS_PATH = "/report-links/";

/** `GET /reports/LINK`: the report as a page. */
export const REPORTS_PATH = "/reports/";

/** Media type of an envelope. */
export const ENVELOPE_TYPE = "application/octet-stream";

/** The server sends something at least this often, so that who hears nothing for twice as long knows that it has lost it. */
export const HEARTBEAT_MILLISECONDS = 10_000;
