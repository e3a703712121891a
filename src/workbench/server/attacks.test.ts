/** What somebody might try on the server, against the real one on a real project. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CALL_PATH, decodeEnvelope, encodeEnvelope, TOKEN_HEADER, type WorkbenchFailure } from "../protocol/index.js";
import { type RunningEngine, startEngine } from "./engine-thread.js";
import { startServer, type WorkbenchServer } from "./server.js";

const SECRET = "nobody outside may read this";
const LARGEST_UPLOAD_BYTES = 100_000;
const SILENCE_MILLISECONDS = 1500;

let root: string;
let engine: RunningEngine;
let server: WorkbenchServer;
let token: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "cosnet-attacks-"));
  for (const folder of ["page/assets", "project", "data", "elsewhere"])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, "page/index.html"), "<!doctype html><title>workbench</title>");
  await writeFile(join(root, "page/assets/main.js"), "export {};");
  await writeFile(join(root, "elsewhere/secret.mrc"), SECRET);
  await symlink(join(root, "elsewhere"), join(root, "data/way-out"));
  await symlink(join(root, "elsewhere/secret.mrc"), join(root, "data/link.mrc"));
  const projectFolder = join(root, "project");
  await writeRunWithReport(join(projectFolder, "runs/run-1"));
  engine = await startEngine({ projectFolder, openedFolders: [join(root, "data")], runtime: "a test", isLocal: true });
  server = await startServer({
    ...{ engine, pageFolder: join(root, "page"), uploadFolder: join(projectFolder, "files") },
    ...{ largestUploadBytes: LARGEST_UPLOAD_BYTES, silenceMilliseconds: SILENCE_MILLISECONDS },
  });
  token = new URL(server.url).hash.replace("#token=", "");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

/** A run as the engine leaves it, in whose report somebody has written a script. */
async function writeRunWithReport(folder: string): Promise<void> {
  await mkdir(join(folder, "average"), { recursive: true });
  const record = {
    id: "run-1",
    state: "done",
    request: { kind: "average", ofRunId: "run-0" },
    command: "",
    warnings: [],
  };
  const job = { kind: "average", options: { particlesPath: "" } };
  await writeFile(join(folder, "run.json"), JSON.stringify({ format: 2, record, job, classes: [], tomograms: [] }));
  await writeFile(join(folder, "average/report.html"), "<!doctype html><script>fetch('/call/state')</script>report");
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** By node:http, which sends paths and headers as they are given, where `fetch` tidies them up. */
function ask(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: Uint8Array | string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: server.port, method, path, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      );
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const withToken = (more: Record<string, string> = {}) => ({ [TOKEN_HEADER]: token, ...more });
const call = (method: string, ...parameters: unknown[]) =>
  ask("POST", `${CALL_PATH}${method}`, { headers: withToken(), body: encodeEnvelope(parameters) });
const failureIn = ({ body }: Answer) => JSON.parse(body.toString()) as WorkbenchFailure;

/** Everything that comes back when these bytes are sent, until the server hangs up. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (data) => (answer += data));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

describe("the page", () => {
  test("is given to whoever asks, with what keeps it from being misused", async () => {
    const { status, headers } = await ask("GET", "/");
    expect(status).toBe(200);
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
    expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*|https?:/);
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect((await ask("GET", "/assets/main.js")).headers["content-type"]).toContain("text/javascript");
  });

  test("is all that paths lead to, however they are written", async () => {
    const ways = ["../elsewhere/secret.mrc", "..%2felsewhere%2fsecret.mrc", "..%252felsewhere%252fsecret.mrc"];
    ways.push("..\\elsewhere\\secret.mrc", "..%5celsewhere%5csecret.mrc", "....//elsewhere/secret.mrc");
    ways.push(`${root}/elsewhere/secret.mrc`, "%00", "index.html%00.js", "%c0%ae%c0%ae/secret.mrc", "__proto__");
    ways.push("constructor", "toString");
    for (const way of ways)
      for (const prefix of ["/", "/assets/", "//", "/./"]) {
        const { status, body } = await ask("GET", prefix + way, { headers: withToken() });
        expect([way, status]).toEqual([way, 404]);
        expect(body.toString()).not.toContain(SECRET);
      }
  });
});

describe("reports", () => {
  const linkTo = async (runId: string, headers: Record<string, string> = withToken()) =>
    ask("POST", `/report-links/${runId}`, { headers });
  const pathIn = ({ body }: Answer) => (JSON.parse(body.toString()) as { readonly path: string }).path;

  test("open by a link that only the page is given, and can do nothing", async () => {
    const path = pathIn(await linkTo("run-1"));
    expect(path).toMatch(/^\/reports\/[\w-]{32}$/);
    const { status, headers, body } = await ask("GET", path, { headers: { "sec-fetch-site": "same-origin" } });
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(body.toString()).toContain("report");
    const policy = String(headers["content-security-policy"]);
    expect(policy.split("; ")).toEqual(expect.arrayContaining(["default-src 'none'", "img-src data:", "sandbox"]));
    expect(policy).not.toMatch(/script|allow-|\*|https?:|connect/);
    expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  });

  test("do not open for anybody else", async () => {
    expect((await linkTo("run-1", {})).status).toBe(401);
    expect((await linkTo("run-1", withToken({ origin: "https://example.org" }))).status).toBe(403);
    const path = pathIn(await linkTo("run-1"));
    for (const site of ["cross-site", "same-site"])
      expect((await ask("GET", path, { headers: { "sec-fetch-site": site } })).status).toBe(403);
    expect((await ask("GET", path, { headers: { host: "example.org" } })).status).toBe(421);
    for (const guess of ["", token, `${path.slice("/reports/".length)}x`, "..%2f..%2frun.json", "__proto__"])
      expect((await ask("GET", `/reports/${guess}`, { headers: withToken() })).status).toBe(404);
    expect((await ask("POST", path, { headers: withToken() })).status).toBe(405);
  });

  test("are those of runs that there are", async () => {
    for (const runId of ["run-9", "..%2f..%2felsewhere", "__proto__"]) {
      const { status, body } = await ask("GET", pathIn(await linkTo(runId)));
      expect(status).toBe(422);
      expect(body.toString()).not.toContain(SECRET);
    }
    expect((await linkTo("%c0%ae")).status).toBe(400);
  });
});

describe("the engine", () => {
  test("answers whoever has the token", async () => {
    const { status, body } = await call("about");
    expect(status).toBe(200);
    expect(decodeEnvelope(new Uint8Array(body))).toMatchObject({ runtime: "a test" });
  });

  test("refuses without the token, with a wrong one, with one of another length", async () => {
    const wrong = [undefined, "", "x", `${token}x`, token.slice(1), token.toUpperCase(), `${token},${token}`];
    const body = encodeEnvelope([]);
    for (const given of wrong) {
      const headers = given === undefined ? {} : { [TOKEN_HEADER]: given };
      for (const [method, path] of [
        ["POST", "/call/state"],
        ["GET", "/events"],
        ["PUT", "/files/a.mrc"],
      ] as const)
        expect((await ask(method, path, { headers, body: method === "GET" ? "" : body })).status).toBe(401);
    }
    expect((await ask("POST", `/call/state?token=${token}`, { body })).status).toBe(401);
  });

  test("refuses pages from elsewhere even with the token", async () => {
    const own = `http://127.0.0.1:${server.port}`;
    const foreign = ["https://example.org", "null", "file://", "http://127.0.0.1", "http://127.0.0.1:1"];
    foreign.push(own.replace("http:", "https:"), `${own}.example.org`);
    const body = encodeEnvelope([]);
    for (const origin of foreign)
      expect((await ask("POST", "/call/state", { headers: withToken({ origin }), body })).status).toBe(403);
    for (const site of ["cross-site", "same-site", "none"])
      expect((await ask("POST", "/call/state", { headers: withToken({ "sec-fetch-site": site }), body })).status).toBe(
        403,
      );
    expect((await ask("POST", "/call/state", { headers: withToken({ origin: own }), body })).status).toBe(200);
    const asked = { "access-control-request-method": "POST", "access-control-request-headers": TOKEN_HEADER };
    const preflight = await ask("OPTIONS", "/call/state", { headers: { origin: "https://example.org", ...asked } });
    expect(preflight.status).toBe(403);
    expect(preflight.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("refuses names that somebody else points to this computer, for the page as well", async () => {
    const names = ["example.org", `example.org:${server.port}`, "127.0.0.1.example.org", "localhost.example.org"];
    names.push("127.0.0.1@example.org", "0.0.0.0", "[::2]", "127.0.0.1:1:2", "localhost:port", ":80");
    for (const host of names) {
      expect((await ask("GET", "/", { headers: { host } })).status).toBe(421);
      expect(
        (await ask("POST", "/call/state", { headers: withToken({ host }), body: encodeEnvelope([]) })).status,
      ).toBe(421);
    }
    for (const [version, head, status] of [
      ["1.1", "Host:\r\nConnection: close\r\n", 421],
      ["1.0", "", 421],
      ["1.1", "", 400],
    ] as const)
      expect(await sendRaw(`GET / HTTP/${version}\r\n${head}\r\n`)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const host of ["127.0.0.1", "localhost:8123", "[::1]:80"]) // as behind ssh -L
      expect((await ask("GET", "/", { headers: { host } })).status).toBe(200);
  });

  test("has the methods of its interface and no others", async () => {
    const others = [
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "subscribe",
      "addFile",
      "",
      "state/",
      "STATE",
    ];
    for (const method of others) expect((await call(method)).status).toBe(404);
    expect((await ask("GET", "/call/state", { headers: withToken() })).status).toBe(405);
  });

  test("refuses what is no message, and steps that are none, with a reason", async () => {
    const nested = new TextEncoder().encode("[".repeat(200_000));
    const length = new Uint8Array(new Uint32Array([nested.byteLength]).buffer);
    const messages = ["", "{}", "\xff\xff\xff\xff", Buffer.concat([length, nested])];
    for (const body of messages) {
      const answer = await ask("POST", "/call/state", { headers: withToken(), body });
      expect([400, 422]).toContain(answer.status);
      expect(failureIn(answer).tag).not.toBe("bug");
    }
    expect((await ask("POST", "/call/state", { headers: withToken(), body: encodeEnvelope({}) })).status).toBe(400);
    const steps = [
      undefined,
      null,
      7,
      "undo",
      {},
      { type: "__proto__" },
      { type: "add-class" },
      { type: "add-class", name: {} },
    ];
    for (const step of steps) {
      const answer = await call("take", step);
      expect([step, answer.status]).toEqual([step, 422]);
      expect(failureIn(answer).tag).not.toBe("bug");
    }
    const polluting = JSON.parse('{"type":"add-class","name":"a","__proto__":{"polluted":true}}');
    await call("take", polluting);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await call("state")).status).toBe(200);
  });

  test("opens nothing outside the opened folders, links included", async () => {
    const outside = ["/", "/etc/passwd", root, join(root, "elsewhere"), join(root, "elsewhere/secret.mrc")];
    outside.push(join(root, "data/../elsewhere/secret.mrc"), join(root, "data/way-out"), join(root, "data/link.mrc"));
    outside.push(join(root, "data/way-out/secret.mrc"), `${root}/data-not`, join(root, "data\0/../elsewhere"));
    for (const path of outside)
      for (const answer of [await call("listFolder", path), await call("take", { type: "add-tomogram", path })]) {
        expect([path, answer.status]).toEqual([path, 422]);
        expect(failureIn(answer).tag).not.toBe("bug");
        expect(answer.body.toString()).not.toContain(SECRET);
      }
    expect((await call("listFolder")).status).toBe(200);
  });
});

describe("what is sent", () => {
  test("is refused before it is read where it says that it is too long", async () => {
    const huge = String(10 * 2 ** 30);
    for (const [line, status] of [
      ["PUT /files/huge.mrc", 413],
      ["POST /call/state", 413],
    ] as const) {
      const head = `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${TOKEN_HEADER}: ${token}\r\nContent-Length: ${huge}\r\n\r\n`;
      expect(await sendRaw(head)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    }
    expect(await readdir(join(root, "project"))).not.toContain("files");
  });

  test("is refused as soon as it is too long where it does not say so, and leaves nothing", async () => {
    const piece = `${(20_000).toString(16)}\r\n${"x".repeat(20_000)}\r\n`;
    const head = `PUT /files/a.mrc HTTP/1.1\r\nHost: 127.0.0.1\r\n${TOKEN_HEADER}: ${token}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await sendRaw(head + piece.repeat(6)); // and never ends
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(await readdir(join(root, "project/files"))).toEqual([]);
  });

  test("is waited for only so long", async () => {
    const start = `HTTP/1.1\r\nHost: 127.0.0.1\r\n${TOKEN_HEADER}: ${token}\r\nContent-Length: 1000\r\n\r\nx`;
    for (const line of ["POST /call/state", "PUT /files/slow.mrc"])
      expect(await sendRaw(`${line} ${start}`)).toMatch(/^HTTP\/1.1 408 /);
    expect(await readdir(join(root, "project/files"))).toEqual([]);
    expect(await sendRaw("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")).toMatch(/^HTTP\/1.1 408 /);
  });

  test("may not have huge heads, nor be no request at all", async () => {
    const head = `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Huge: ${"x".repeat(100_000)}\r\n\r\n`;
    expect(await sendRaw(head)).toMatch(/^HTTP\/1.1 431 /);
    expect(await sendRaw("\x16\x03\x01 no HTTP\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    expect((await ask("GET", "/")).status).toBe(200);
  });

  test("gets a name in the folder for files and no other", async () => {
    const names = ["../../escape.mrc", "..%2f..%2fescape.mrc", "..%5c..%5cescape.mrc", ".hidden.mrc", "a%00b.mrc"];
    names.push("CON.mrc", "%2e%2e", "x".repeat(5000), "TS_01.mrc", "TS_01.mrc", "Größe 1.mrc");
    const folder = join(root, "project/files");
    const before = await readdir(root, { recursive: true });
    for (const name of names) {
      const { status, body } = await ask("PUT", `/files/${encodeURI(decodeURI(name))}`, {
        headers: withToken(),
        body: "MRC",
      });
      if (status === 200)
        expect(JSON.parse(body.toString()).path).toMatch(/project.files.[\p{L}\p{N}][\p{L}\p{N}._+-]*$/u);
      else expect([400, 431]).toContain(status);
    }
    const now = await readdir(root, { recursive: true });
    const made = now.filter((path) => !before.includes(path));
    expect(made.every((path) => path.startsWith(join("project", "files")))).toBe(true);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(["TS_01.mrc", "TS_01_2.mrc", "Größe-1.mrc"]));
    expect((await ask("PUT", "/files/%ff.mrc", { headers: withToken(), body: "MRC" })).status).toBe(400);
  });
});
