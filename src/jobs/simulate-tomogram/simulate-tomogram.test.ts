import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AbortError } from "../../errors.js";
import {
  findTable,
  memorySource,
  parseStar,
  readMrc,
  readMrcBoxes,
  readNpy,
  readParticles,
  readTomogramSizes,
} from "../../io/index.js";
import {
  type Complex,
  medianVariance,
  planTiltSeries,
  proceduralComplex,
  reconstruct,
  simulateTiltSeries,
} from "../../simulate/index.js";
import { createRandom, quaternionToMatrix, type Vector3 } from "../../volume/index.js";
import { type SimulateTomogramOptions, type TomogramParameters, tomogramPresets } from "./options.js";
import { simulateTomogram } from "./simulate-tomogram.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-tomogram-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const VOXEL = 10;
const complexes = [0, 1].map((i) => proceduralComplex(createRandom(5).fork("class", i), { maximumKilodalton: 300 }));
const parameters: TomogramParameters = {
  ...tomogramPresets.small,
  shape: [32, 64, 60],
  amount: { particles: 16 },
  vesicles: { count: 1, radiusAngstrom: [80, 80], elongation: [1, 1] },
  imaging: { scheme: { stepDegrees: 10 } },
  snrs: [Number.POSITIVE_INFINITY, 0.5],
  omeZarr: true,
  subtomograms: { size: 16, count: 4, edges: "skip", formats: ["npy", "mrc"] },
};
const simulate = (name: string, overrides: Partial<SimulateTomogramOptions> = {}) =>
  simulateTomogram({
    source: { complexes },
    parameters,
    seed: 3,
    outputFolder: join(folder, name),
    threads: 1,
    ...overrides,
  });
const bytesOf = async (name: string) => new Uint8Array(await readFile(join(folder, name)));
const textOf = (name: string) => readFile(join(folder, name), "utf8");
const volumeOf = async (name: string) => readMrc(await bytesOf(name)).volume;

/** Checksum of every file but those that tell the time. */
async function digest(name: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const entry of await readdir(join(folder, name), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /^(timings\.json|report\.html)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    sums[path.slice(join(folder, name).length)] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  }
  return sums;
}

test("everything that is written agrees with everything else", async () => {
  const result = await simulate("whole");
  expect(result).toMatchObject({ subtomogramCount: 4, report: { requested: 16, placed: 16, reason: undefined } });
  expect(result.times.map(({ stage }) => stage)).toEqual([
    "specimen",
    "projections",
    "snr-inf tomogram",
    "signal",
    "snr-inf subtomograms",
    "snr-inf zarr",
    "snr-0.5 tomogram",
    "snr-0.5 subtomograms",
    "snr-0.5 zarr",
    "report",
  ]);
  const tomogramSizesAngstrom = readTomogramSizes(await textOf("whole/tomograms.star"));
  const truth = readParticles(await textOf("whole/particles.star"), { tomogramSizesAngstrom });
  expect(truth.particles).toHaveLength(16);
  const classes = await volumeOf("whole/specimen/class-labels.mrc");
  const instances = await volumeOf("whole/specimen/instance-labels.mrc");
  expect(new Set(classes.data)).toEqual(new Set([0, 1, 2, 3]));

  const list = readParticles(await textOf("whole/snr-0.5/particles.star"));
  expect(list.particles).toHaveLength(4);
  const tomogram = await bytesOf("whole/snr-0.5/tomogram.mrc");
  const arrays = readNpy(await bytesOf("whole/snr-0.5/data.npy"));
  const masks = readNpy(await bytesOf("whole/snr-0.5/data_seg.npy"));
  const counts = readNpy(await bytesOf("whole/snr-0.5/cnt.npy"));
  expect(counts.type).toBe("<i8");
  expect([counts.data[0]! + counts.data[1]!, masks.type]).toEqual([4, "|u1"]);
  expect(arrays.shape).toEqual([2, Math.max(...counts.data), 16, 16, 16]);
  expect(masks.shape).toEqual(arrays.shape);

  // RELION cuts at the whole part of a coordinate: only whole ones give the boxes that were written
  const table = findTable(parseStar(await textOf("whole/snr-0.5/particles.star")), "particles")!;
  for (const axis of ["X", "Y", "Z"])
    expect(table.columns.get(`rlnCoordinate${axis}`)!.every((text) => Number.isInteger(Number(text)))).toBe(true);

  const taken = [0, 0];
  for (const particle of list.particles) {
    const instance = Number(particle.extra.cosnetInstance);
    const whole = truth.particles.find(({ extra }) => Number(extra.cosnetInstance) === instance)!;
    for (const axis of ["x", "y", "z"] as const)
      expect(particle.positionAngstrom![axis]).toBeCloseTo(whole.positionAngstrom![axis], 4);
    // the box at the listed coordinates, cut by the reader that every command uses, is the file that was written
    const boxes = readMrcBoxes(memorySource(tomogram), {
      positionsAngstrom: [particle.positionAngstrom!],
      boxSize: 16,
    });
    const { value: box } = await boxes.next();
    const file = await volumeOf(`whole/snr-0.5/${particle.imageName}`);
    expect(file.data).toEqual(box!.volume.data);
    // its mask holds every voxel of its instance that lies in the box
    const mask = await volumeOf(`whole/snr-0.5/${particle.extra.cosnetMaskName}`);
    const inside = readMrcBoxes(memorySource(await bytesOf("whole/specimen/instance-labels.mrc")), {
      positionsAngstrom: [particle.positionAngstrom!],
      boxSize: 16,
    });
    const { value: labels } = await inside.next();
    expect(mask.data).toEqual((labels!.volume.data as Float32Array).map((label) => (label === instance ? 1 : 0)));
    // and the arrays hold both, class by class, the box normalised
    const classIndex = particle.classNumber! - 1;
    const at = (classIndex * arrays.shape[1]! + taken[classIndex]!++) * 16 ** 3;
    expect(masks.data.subarray(at, at + 16 ** 3)).toEqual(mask.data);
    const stored = arrays.data.subarray(at, at + 16 ** 3);
    expect(stored.reduce((sum, value) => sum + value * value, 0) / 16 ** 3).toBeCloseTo(1, 4);
    const [low, high] = [file.data.indexOf(Math.min(...file.data)), file.data.indexOf(Math.max(...file.data))];
    expect([stored.indexOf(Math.min(...stored)), stored.indexOf(Math.max(...stored))]).toEqual([low, high]);
  }
  expect(taken).toEqual([...counts.data]);
  expect(new Set(instances.data).size).toBe(1 + 16 + 1);
});

/** Median variance, in boxes of 16 voxels around all particles that fit, of a tomogram and of the noise in another. */
async function variances(name: string, noisyName: string) {
  const [clean, noisy] = [
    await volumeOf(`${name}/snr-inf/tomogram.mrc`),
    await volumeOf(`${noisyName}/snr-0.5/tomogram.mrc`),
  ];
  const free = await volumeOf(`${noisyName}/snr-inf/tomogram.mrc`);
  const noise = noisy.data.map((value, i) => value - free.data[i]!);
  const { particles } = JSON.parse(await textOf(`${noisyName}/specimen/specimen.json`)) as {
    particles: { positionAngstrom: Vector3 }[];
  };
  const centres = particles.map(({ positionAngstrom: { x, y, z } }) => ({ x: x / VOXEL, y: y / VOXEL, z: z / VOXEL }));
  const boxes = { centres, size: 16 };
  return {
    signal: medianVariance(clean.data, clean.shape, boxes),
    noise: medianVariance(noise, clean.shape, boxes),
  };
}

const plainParameters = (): TomogramParameters => {
  const { vesicles: _, ...plain } = parameters;
  return { ...plain, omeZarr: false, subtomograms: { ...parameters.subtomograms, formats: [] } };
};

test("of particles alone, the noise has the stated ratio in their boxes, and files say how it is defined", async () => {
  await simulate("plain", { parameters: plainParameters() });
  const { signal, noise } = await variances("plain", "plain");
  expect(Math.abs(signal / noise / 0.5 - 1)).toBeLessThan(0.001);
  const sidecar = JSON.parse(await textOf("plain/tomogram.json"));
  expect(sidecar.snrDefinition).toMatch(/without gold, membranes and filaments.*median/);
  expect(Math.abs(sidecar.signal.variance / signal - 1)).toBeLessThan(0.001);
  expect(sidecar.signal.boxes).toBeGreaterThan(4);
  expect(await textOf("plain/report.html")).toContain("without gold, membranes and filaments");
});

test("gold and membranes do not count as signal: the noise stays what the particles alone would get, within 5 %", async () => {
  const crowded = {
    ...parameters,
    ...plainParameters(),
    vesicles: parameters.vesicles!,
    gold: { count: 3, diameterAngstrom: 60 },
  };
  await simulate("gold", { parameters: crowded });
  // The same particles at the same positions, imaged and reconstructed with nothing else around them.
  const density = await volumeOf("gold/specimen/density.mrc");
  const labels = await volumeOf("gold/specimen/instance-labels.mrc");
  const { particles } = JSON.parse(await textOf("gold/specimen/specimen.json"));
  const own = new Set(particles.map(({ instance }: { instance: number }) => instance));
  const alone = { ...density, data: density.data.map((value, i) => (own.has(labels.data[i]) ? value : 0)) };
  const plan = planTiltSeries(crowded.imaging, createRandom(3).fork("imaging"));
  const clean = reconstruct(simulateTiltSeries(alone, plan), { ...crowded.reconstruct, nz: density.shape[0] });
  const centres = particles.map(({ positionAngstrom: { x, y, z } }: { positionAngstrom: Vector3 }) => ({
    ...{ x: x / VOXEL, y: y / VOXEL, z: z / VOXEL },
  }));
  const signal = medianVariance(clean.data, clean.shape, { centres, size: 16 });
  const { noise, signal: withGold } = await variances("gold", "gold");
  expect(Math.abs(signal / noise / 0.5 - 1)).toBeLessThan(0.05);
  expect(withGold).toBeGreaterThan(1.5 * signal); // a median alone would not do
});

test("where no particle's box lies inside, the ratio is that of the whole tomogram, and that is said", async () => {
  const warnings: string[] = [];
  await simulate("narrow", {
    parameters: { ...plainParameters(), shape: [16, 32, 32], amount: { particles: 1 } },
    onWarning: (warning) => warnings.push(warning),
  });
  expect(warnings).toContainEqual(expect.stringContaining("variances over the whole tomogram"));
  expect(JSON.parse(await textOf("narrow/tomogram.json")).signal.boxes).toBe(0);
});

test("a run that was stopped goes on and ends with the same bytes; one that is done does nothing", async () => {
  const controller = new AbortController();
  let stopped = false;
  const failing = simulate("stopped", {
    signal: controller.signal,
    onProgress({ stage }) {
      if (stage === "drawing noise" && !stopped) {
        stopped = true;
        controller.abort();
      }
    },
  });
  await expect(failing).rejects.toThrow(AbortError);
  const left = Object.keys(await digest("stopped"));
  expect(left).toContain("/snr-inf/tomogram.mrc");
  expect(left.filter((name) => /tmp|snr-0\.5\/.*mrc/.test(name))).toEqual([]);
  await writeFile(join(folder, "stopped/snr-inf/.tomogram.mrc.0123456789ab.tmp"), "left by a killed process");
  const { times } = await simulate("stopped");
  expect(times.map(({ stage }) => stage)).toEqual([
    "snr-0.5 tomogram",
    "snr-0.5 subtomograms",
    "snr-0.5 zarr",
    "report",
  ]);
  expect(await digest("stopped")).toEqual(await digest("whole"));
  const timed = async (name: string) =>
    (JSON.parse(await readFile(join(folder, name, "timings.json"), "utf8")) as { stage: string }[]).map(
      ({ stage }) => stage,
    );
  expect(await timed("stopped")).toEqual(await timed("whole"));
  expect((await simulate("stopped")).times).toEqual([]);
});

test("another tomogram does not mix with what is there", async () => {
  const other = { ...parameters, amount: { particles: 4 }, snrs: [Number.POSITIVE_INFINITY] };
  await expect(simulate("stopped", { parameters: other })).rejects.toThrow("made with other parameters or structures");
  const { report } = await simulate("stopped", { parameters: other, overwrite: true });
  expect(report.placed).toBe(4);
});

test("what cannot be is refused before anything is written", async () => {
  const refused = (changed: Partial<TomogramParameters>) =>
    simulate("no", { parameters: { ...parameters, ...changed } });
  await expect(refused({ snrs: [0] })).rejects.toThrow("signal-to-noise ratios of 0");
  await expect(refused({ snrs: [1, 1] })).rejects.toThrow("given twice");
  await expect(refused({ subtomograms: { ...parameters.subtomograms, size: 64 } })).rejects.toThrow("boxes of 64");
  expect(await readdir(folder)).not.toContain("no");
});

test("hands are kept: read again, a chiral particle is itself and not its mirror image", async () => {
  // Four balls whose arms along x, y and z differ: no turn brings it onto its mirror image.
  const arms = [
    [0, 0, 0],
    [120, 0, 0],
    [0, 80, 0],
    [0, 0, 50],
  ];
  const positions: number[] = [];
  for (const [x, y, z] of arms)
    for (let i = 0; i < 27; i++)
      positions.push(x! + 8 * ((i % 3) - 1), y! + 8 * ((Math.floor(i / 3) % 3) - 1), z! + 8 * (Math.floor(i / 9) - 1));
  const count = positions.length / 3;
  const centre = [0, 1, 2].map((axis) => positions.reduce((sum, p, i) => sum + (i % 3 === axis ? p : 0), 0) / count);
  const chiral: Complex = {
    name: "chiral",
    massKilodalton: count,
    positionsAngstrom: Float32Array.from(positions, (p, i) => p - centre[i % 3]!),
    weights: new Float32Array(count).fill(1),
    radiusAngstrom: 100,
    gyrationRadiusAngstrom: 60,
    source: "procedural",
  };
  const { vesicles: _, ...plain } = parameters;
  await simulate("chiral", {
    source: { complexes: [chiral] },
    parameters: {
      ...plain,
      shape: [48, 64, 64],
      amount: { particles: 3 },
      imaging: { contrastTransfer: false, alignmentDeviationAngstrom: 0, scheme: { stepDegrees: 4 } },
      snrs: [Number.POSITIVE_INFINITY],
      subtomograms: { size: 24, edges: "fill", formats: [] },
    },
  });
  const tomogram = await volumeOf("chiral/snr-inf/tomogram.mrc");
  const [nz, ny, nx] = tomogram.shape;
  const { particles } = readParticles(await textOf("chiral/snr-inf/particles.star"));
  expect(particles).toHaveLength(3);
  for (const { positionAngstrom, orientation } of particles) {
    /** Mean density where the four balls should be, by the list's position and orientation. */
    const found = (hand: 1 | -1) => {
      const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(orientation!);
      const densities = arms.map((arm) => {
        const [x, y, z] = arm.map((value, axis) => value - centre[axis]!) as [number, number, number];
        const px = hand * x;
        const at = [
          positionAngstrom!.x + a * px + b * y + c * z,
          positionAngstrom!.y + d * px + e * y + f * z,
          positionAngstrom!.z + g * px + h * y + i * z,
        ].map((value) => Math.round(value / VOXEL)) as [number, number, number];
        if (at[0] < 0 || at[1] < 0 || at[2] < 0 || at[0] >= nx || at[1] >= ny || at[2] >= nz) return 0;
        return tomogram.data[(at[2] * ny + at[1]) * nx + at[0]]!;
      });
      return Math.min(...densities); // every ball must be there
    };
    expect(found(1)).toBeGreaterThan(3 * Math.max(found(-1), 0));
    expect(found(1)).toBeGreaterThan(0);
  }
});
