/** Long lists are read and written in steps, between which a signal is heeded. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortError } from "../../errors.js";
import { readParticleListFile, writeParticleListFile } from "./index.js";

/** So many that reading takes longer than the time after which signals are served, on any machine. */
const ROWS = 200_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-stopped-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONTENTS = {
  "list.star": `data_particles\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n${"1.5 2.5 3.5\n".repeat(ROWS)}`,
  "list.csv": `x,y,z\n${"1.5,2.5,3.5\n".repeat(ROWS)}`,
  "list.tbl": `${"1 ".repeat(35)}10\n`.repeat(ROWS),
  "list.coords": "1.5 2.5 3.5\n".repeat(4 * ROWS), // the quickest to read
} as const;

describe.each(Object.keys(CONTENTS) as (keyof typeof CONTENTS)[])("%s", (name) => {
  test("is not read to its end when a signal comes", async () => {
    const path = join(folder, name);
    await writeFile(path, CONTENTS[name]);
    const controller = new AbortController();
    setTimeout(() => controller.abort());
    const reading = readParticleListFile(path, { voxelSizeAngstrom: 10, signal: controller.signal });
    await expect(reading).rejects.toThrow(AbortError);
  });
});

test.each(["star", "csv", "tbl"])("what was written of a .%s file is removed when a signal comes", async (ending) => {
  const particles = Array.from({ length: ROWS }, () => ({
    positionAngstrom: { x: 10, y: 20, z: 30 },
    tomogramName: "TS_01",
    extra: {},
  }));
  const common = { origin: "first-voxel", voxelSizeAngstrom: 10, warnings: [] } as const;
  const controller = new AbortController();
  setTimeout(() => controller.abort());
  const written = writeParticleListFile(
    join(folder, `stopped.${ending}`),
    { particles, coordinatePixelSizeAngstrom: 10, ...common },
    { format: ending === "star" ? "relion3.1" : undefined, signal: controller.signal },
  );
  await expect(written).rejects.toThrow(AbortError);
  expect((await readdir(folder)).filter((file) => file.includes("stopped."))).toEqual([]);
});
