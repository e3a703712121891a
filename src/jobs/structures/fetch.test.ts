import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AbortError, ConfigError, FileError } from "../../errors.js";
import { loadComplexes } from "../../files/complexes/load.js";
import { expandEntries, fetchStructures } from "./fetch.js";
import { STRUCTURE_SETS } from "./sets.js";

/** A structure with enough bytes to break off in the middle of. */
function entry(id: string): Buffer {
  const columns = [
    "group_PDB",
    "id",
    "type_symbol",
    "label_atom_id",
    "label_comp_id",
    "label_asym_id",
    "Cartn_x",
    "Cartn_y",
    "Cartn_z",
  ];
  const rows = Array.from(
    { length: 2000 },
    (_, i) =>
      `ATOM ${i + 1} C CA ALA A ${((i * 7919) % 997) / 10} ${((i * 104729) % 991) / 10} ${((i * 1299709) % 983) / 10}`,
  );
  return gzipSync(
    `data_${id}\nloop_\n${columns.map((name) => `_atom_site.${name}`).join("\n")}\n${rows.join("\n")}\n#\n`,
  );
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let handler: Handler;
let requests: { url: string; range: string | undefined }[];
const server = createServer((request, response) => {
  requests.push({ url: request.url!, range: request.headers.range });
  handler(request, response);
});
let mirror: string;
let folder: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(async () => {
  requests = [];
  folder = await mkdtemp(join(tmpdir(), "cosnet-fetch-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const files: Readonly<Record<string, Buffer>> = { "/4V4Q.cif.gz": entry("4V4Q"), "/3DY4.cif.gz": entry("3DY4") };
/** Answers as a static file server does, ranges included. */
const serve: Handler = (request, response) => {
  const file = files[request.url!];
  if (!file) return void response.writeHead(404).end("no such file");
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.setHeader("etag", '"one"');
  response.writeHead(from > 0 ? 206 : 200, { "content-length": file.length - from });
  response.end(file.subarray(from));
};
const fetchFrom = (overrides: Partial<Parameters<typeof fetchStructures>[0]> = {}) =>
  fetchStructures({ entries: ["4v4q"], outputFolder: folder, mirror, retryDelayMilliseconds: 1, ...overrides });

test("entries come with checksums, once, and load as structures", async () => {
  handler = serve;
  const first = await fetchFrom({ entries: ["4v4q", "3DY4", "4V4Q"] });
  expect(first.structures.map(({ id, status }) => [id, status])).toEqual([
    ["4V4Q", "downloaded"],
    ["3DY4", "downloaded"],
  ]);
  expect(await readFile(join(folder, "4V4Q.cif.gz"))).toEqual(files["/4V4Q.cif.gz"]);
  const notes = JSON.parse(await readFile(join(folder, "checksums.json"), "utf8"));
  expect(notes["3DY4"]).toEqual({
    sha256: first.structures[1]!.sha256,
    byteLength: files["/3DY4.cif.gz"]!.length,
    url: `${mirror}/3DY4.cif.gz`,
  });
  expect((await readdir(folder)).sort()).toEqual(["3DY4.cif.gz", "4V4Q.cif.gz", "checksums.json"]);
  const again = await fetchFrom({ entries: ["4V4Q", "3DY4"] });
  expect(again.structures.map(({ status }) => status)).toEqual(["cached", "cached"]);
  expect(requests).toHaveLength(2);
  expect((await loadComplexes(folder)).map(({ name }) => name)).toEqual(["3DY4", "4V4Q"]);
});

test("a file that was changed is fetched again, with a warning", async () => {
  handler = serve;
  await fetchFrom();
  await writeFile(join(folder, "4V4Q.cif.gz"), "changed");
  const warnings: string[] = [];
  const { structures } = await fetchFrom({ onWarning: (warning) => warnings.push(warning) });
  expect(structures[0]!.status).toBe("downloaded");
  expect(warnings).toEqual([`${join(folder, "4V4Q.cif.gz")}: changed since it was downloaded; it is fetched again`]);
});

describe("failures that pass", () => {
  test("a download that broke off goes on where it was", async () => {
    const file = files["/4V4Q.cif.gz"]!;
    handler = (request, response) => {
      if (requests.length > 1) return serve(request, response);
      response.writeHead(200, { etag: '"one"', "content-length": file.length });
      response.write(file.subarray(0, 5000), () => setTimeout(() => response.destroy(), 50));
    };
    await fetchFrom();
    expect(requests.map(({ range }) => range)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(await readFile(join(folder, "4V4Q.cif.gz"))).toEqual(file);
  });
  test("a download that was stopped goes on the next time; nothing half-written has the final name", async () => {
    const file = files["/4V4Q.cif.gz"]!;
    const controller = new AbortController();
    handler = (_request, response) => {
      response.writeHead(200, { etag: '"one"', "content-length": file.length });
      response.write(file.subarray(0, 5000), () => setTimeout(() => controller.abort(), 50));
    };
    await expect(fetchFrom({ signal: controller.signal })).rejects.toThrow(AbortError);
    expect(existsSync(join(folder, "4V4Q.cif.gz"))).toBe(false);
    handler = serve;
    await fetchFrom();
    expect(requests[1]!.range).toBe("bytes=5000-");
    expect(await readFile(join(folder, "4V4Q.cif.gz"))).toEqual(file);
  });
  test("when the file on the server is another by now, it is begun anew", async () => {
    const file = files["/4V4Q.cif.gz"]!;
    await writeFile(join(folder, ".4V4Q.cif.gz.part"), "old bytes");
    await writeFile(join(folder, ".4V4Q.cif.gz.part.etag"), '"older"');
    handler = (request, response) => {
      expect(request.headers["if-range"]).toBe('"older"');
      response.writeHead(200, { etag: '"one"', "content-length": file.length }).end(file);
    };
    await fetchFrom();
    expect(await readFile(join(folder, "4V4Q.cif.gz"))).toEqual(file);
  });
  test("a busy server is asked again, three times", async () => {
    handler = (request, response) => (requests.length < 4 ? response.writeHead(503).end() : serve(request, response));
    expect((await fetchFrom()).structures[0]!.status).toBe("downloaded");
    requests = [];
    handler = (_request, response) => response.writeHead(503).end();
    await expect(fetchFrom({ outputFolder: join(folder, "other") })).rejects.toThrow("the server answered 503");
    expect(requests).toHaveLength(4);
  });
});

describe("failures that stay", () => {
  test("an entry that does not exist", async () => {
    handler = serve;
    const failing = fetchFrom({ entries: ["9ZZZ"] });
    await expect(failing).rejects.toThrow(ConfigError);
    await expect(failing).rejects.toThrow(/^9ZZZ: there is no such entry on 127\.0\.0\.1:\d+$/);
    expect(await readdir(folder)).toEqual([]);
  });
  test("another entry's content, or a page in its place", async () => {
    handler = (_request, response) => response.end(files["/3DY4.cif.gz"]);
    await expect(fetchFrom()).rejects.toThrow("is not the entry 4V4Q");
    handler = (_request, response) => response.end("<html>please log in</html>");
    await expect(fetchFrom()).rejects.toThrow("cannot be unpacked");
    expect(existsSync(join(folder, "4V4Q.cif.gz"))).toBe(false);
  });
  test("no server there: what to do is said", async () => {
    const failing = fetchFrom({ mirror: "http://127.0.0.1:9", retries: 0 });
    await expect(failing).rejects.toThrow(FileError);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9\/4V4Q\.cif\.gz: cannot be downloaded: /),
      hint: expect.stringContaining("--mirror"),
    });
  });
  test("names and addresses that are none", async () => {
    await expect(fetchFrom({ entries: ["ribosome"] })).rejects.toThrow('"ribosome" is neither a PDB entry');
    await expect(fetchFrom({ mirror: "ftp://old" })).rejects.toThrow("ftp://old is not a web address");
  });
});

test("a mirror may lay its files out in its own way", async () => {
  handler = (_request, response) => response.end(files["/4V4Q.cif.gz"]);
  await fetchFrom({ mirror: `${mirror}/divided/{mid}/{id}.cif.gz` });
  expect(requests[0]!.url).toBe("/divided/v4/4v4q.cif.gz");
});

test("the named set has the publication's 22 classes, three of them by its own words", () => {
  const set = STRUCTURE_SETS.cosnet22!;
  expect(expandEntries(["cosnet22"])).toHaveLength(22);
  expect(set.filter(({ known }) => known === "paper").map(({ id }) => id)).toEqual(["2GHO", "3DY4", "4V4Q"]);
});
