import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Particle, writeMrc, writeParticles } from "../io/index.js";
import type { ReportBox, ReportClass, ReportParticle, RunInformation } from "../report/index.js";
import { createVolume } from "../volume/index.js";
import { fileExists, writeFileAtomic } from "./files.js";
import { type Progress, throwIfAborted } from "./progress.js";

export interface DemoFiles {
  readonly classes: readonly ReportClass[];
  readonly particles: readonly ReportParticle[];
  readonly report: string;
  readonly snr: number;
  readonly run: RunInformation;
}

/**
 * Writes report.html, support.star, particles.star, particles/ and masks/. The lists are what `cosnet classify` takes.
 * When it fails or is aborted, files that were not there before are removed.
 */
export async function writeDemoFiles(
  folder: string,
  { classes, particles, report, snr, run }: DemoFiles,
  { signal }: Progress,
): Promise<{ reportPath: string; particlesPath: string }> {
  const created: string[] = [];
  const write = async (name: string, content: Uint8Array | string) => {
    throwIfAborted(signal);
    const path = join(folder, name);
    if (!(await fileExists(path))) created.push(path);
    await writeFileAtomic(path, content);
    return path;
  };
  const writeBox = async (name: string, { volume, mask }: ReportBox) => {
    const binary = Float32Array.from(mask ?? [], (probability) => (probability > 0.5 ? 1 : 0));
    const labels = [`cosnet ${run.version} demo, seed ${run.seed}, SNR ${snr}`];
    await write(`particles/${name}.mrc`, writeMrc(volume, { labels }));
    await write(
      `masks/${name}.mrc`,
      writeMrc(createVolume(volume.shape, volume.voxelSizeAngstrom, binary), { mode: 0, labels }),
    );
    return `particles/${name}.mrc`;
  };
  try {
    for (const name of ["particles", "masks"]) await mkdir(join(folder, name), { recursive: true });
    const supports: Particle[] = [];
    for (const { name, supports: boxes } of classes) {
      const imageName = await writeBox(`support-${fileName(name)}`, boxes[0]!);
      supports.push({ imageName, className: name, extra: {} });
    }
    const rows: Particle[] = [];
    for (const { name, box, predictedClass, trueClass, probability, margin, dice } of particles)
      rows.push({
        imageName: await writeBox(name, box),
        className: classes[predictedClass]!.name,
        extra: {
          cosnetTrueClassName: classes[trueClass!]!.name,
          cosnetProbability: probability.toFixed(4),
          cosnetMargin: margin.toFixed(4),
          cosnetDice: dice!.toFixed(4),
        },
      });
    const { voxelSizeAngstrom } = classes[0]!.supports[0]!.volume;
    const star = (list: readonly Particle[], comment: string) =>
      writeParticles(
        {
          particles: list,
          origin: "first-voxel",
          voxelSizeAngstrom,
          coordinatePixelSizeAngstrom: voxelSizeAngstrom,
          warnings: [],
        },
        {
          format: "relion3.1",
          comments: [`${comment}; cosnet ${run.version}, seed ${run.seed}, SNR ${snr}`, run.model],
        },
      );
    await write("support.star", star(supports, "One example of each class"));
    const particlesPath = await write("particles.star", star(rows, "Particles as the demo identified them"));
    const reportPath = await write("report.html", report);
    return { reportPath, particlesPath };
  } catch (error) {
    await Promise.all(created.map((path) => rm(path, { force: true })));
    throw error;
  }
}

function fileName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
