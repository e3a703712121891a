import type { PathLike } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { AbortError, FileError, FormatError, ModelError } from "../src/errors.js";
import { nodeRuntime } from "../src/files/model/index.js";
import { createBlobDetector } from "../src/infer/index.js";
import { writeMrc } from "../src/io/index.js";
import { pick } from "../src/jobs/pick/pick.js";
import { loadNetworks, type Networks, searchSettings, searchTomograms } from "../src/jobs/search/index.js";
import { probeBlockedConvolution } from "../src/runtime/index.js";
import { createRandom, createVolume } from "../src/volume/index.js";

/** Files and network sessions that nobody has closed. */
const { openFiles } = vi.hoisted(() => ({ openFiles: new Set<PathLike>() }));
const openSessions = new Set<object>();
let openedSessions = 0;
let openedFiles = 0;

vi.mock("node:fs/promises", async (original) => {
  const disk = await original<typeof import("node:fs/promises")>();
  const open: typeof disk.open = async (path, ...rest) => {
    const file = await disk.open(path, ...rest);
    openedFiles++;
    openFiles.add(path);
    const close = file.close.bind(file);
    file.close = async () => {
      openFiles.delete(path);
      await close();
    };
    return file;
  };
  return { ...disk, open };
});

const create = nodeRuntime.InferenceSession.create.bind(nodeRuntime.InferenceSession);
vi.spyOn(nodeRuntime.InferenceSession, "create").mockImplementation(async (...model) => {
  const session = await create(...model);
  openedSessions++;
  openSessions.add(session);
  const release = session.release.bind(session);
  session.release = async () => {
    openSessions.delete(session);
    await release();
  };
  return session;
});

let folder: string;
const inFolder = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-leaks-"));
  const random = createRandom("leaks");
  const noise = createVolume([20, 24, 28], 10);
  noise.data.forEach((_, i) => {
    noise.data[i] = random.normal();
  });
  for (const name of ["one.mrc", "two.mrc"]) await writeFile(inFolder(name), writeMrc(noise));
  await writeFile(inFolder("no-network.onnx"), "not a network");
  await writeFile(inFolder("outside.csv"), "x,y,z,class\n50,50,50,a\n5000,50,50,b\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  expect([...openFiles]).toEqual([]);
  expect([...openSessions]).toEqual([]);
  [openedFiles, openedSessions] = [0, 0];
});

/** The sessions in which blocked operators are tried: how many depends on the processor. */
async function sessionsOfProbe(): Promise<number> {
  await probeBlockedConvolution(nodeRuntime);
  const count = openedSessions;
  openedSessions = 0;
  return count;
}

test.each([
  ["detector", { detector: "no-network.onnx" }, 0],
  ["classifier", { modelPath: "no-network.onnx" }, 1 + (await sessionsOfProbe())], // the detector's as well
])("a %s that cannot be loaded leaves no open network", async (_, { detector, modelPath }: NetworkNames, opened) => {
  const loading = loadNetworks({
    detector: detector && inFolder(detector),
    modelPath: modelPath && inFolder(modelPath),
    precision: "float32", // in 8 bits a detector opens a session for its first tile, and none before
  });
  await expect(loading).rejects.toThrow(ModelError);
  expect(openedSessions).toBe(opened);
});

interface NetworkNames {
  readonly detector?: string;
  readonly modelPath?: string;
}

const networks = {
  ...{ detector: createBlobDetector(), detectorLabel: "blob", modelLabel: "none", minimumScore: 0.2 },
  // An embedder whose answers nobody looks at.
  embedder: {
    description: { edge: 8, embeddingSize: 1 },
    embed: async (boxes: Float32Array) => ({ embeddings: new Float32Array(boxes.length / 512), size: 1 }),
  },
} as unknown as Networks;
const search = () => ({ ...searchSettings({}), workRoot: inFolder("work"), contrasts: new Map() });

test("a tomogram that cannot be opened leaves none of those before it open", async () => {
  const searching = searchTomograms(["one.mrc", "missing.mrc"].map(inFolder), networks, search());
  await expect(searching).rejects.toThrow(FileError);
  expect(openedFiles).toBeGreaterThan(0);
});

test("a mask that is missing, or a stop in the middle of a search, leaves no open tomogram", async () => {
  const paths = ["one.mrc", "two.mrc"].map(inFolder);
  const masked = searchTomograms(paths, networks, { ...search(), maskPath: inFolder("missing.mrc") });
  await expect(masked).rejects.toThrow(FileError);
  const controller = new AbortController();
  const stopped = searchTomograms(paths, networks, {
    ...{ ...search(), workRoot: inFolder("other work"), signal: controller.signal },
    onProgress: ({ stage }) => stage === "2 of 2: searching" && controller.abort(),
  });
  await expect(stopped).rejects.toThrow(AbortError);
});

test("an example outside its tomogram leaves neither networks nor tomogram open", async () => {
  const picking = pick({
    ...{ tomogramPaths: [inFolder("one.mrc")], examples: [inFolder("outside.csv")], outputFolder: inFolder("picked") },
    detector: "blob",
  });
  await expect(picking).rejects.toThrow(FormatError);
  expect(openedFiles).toBeGreaterThan(0);
  expect(openedSessions).toBe(1);
});
