import { throwIfAborted } from "../../errors.js";
import type { StagedFiles } from "../../files/disk/index.js";
import { insideMask } from "../../infer/index.js";
import { type Particle, writeMrc, writeParticles } from "../../io/index.js";
import { plainName } from "../../plain-name.js";
import type { Progress } from "../../progress.js";
import type { ReportBox, ReportClass, ReportParticle, RunInformation } from "../../report/index.js";
import { createVolume } from "../../volume/index.js";

export interface DemoFiles {
  readonly classes: readonly ReportClass[];
  readonly particles: readonly ReportParticle[];
  readonly report: string;
  readonly snr: number;
  readonly run: RunInformation;
}

/** Writes report.html, examples.star, particles.star, particles/ and masks/. The lists are what `cosnet classify` takes. */
export async function writeDemoFiles(
  files: StagedFiles,
  { classes, particles, report, snr, run }: DemoFiles,
  { signal }: Progress,
): Promise<void> {
  const write = async (name: string, content: Uint8Array | string) => {
    throwIfAborted(signal);
    await files.write(name, content);
  };
  const writeBox = async (name: string, { volume, mask }: ReportBox) => {
    const binary = insideMask(Float32Array.from(mask ?? []));
    const labels = [`cosnet ${run.version} demo, seed ${run.seed}, SNR ${snr}`];
    await write(`particles/${name}.mrc`, writeMrc(volume, { labels }));
    await write(
      `masks/${name}.mrc`,
      writeMrc(createVolume(volume.shape, volume.voxelSizeAngstrom, binary), { mode: 0, labels }),
    );
    return `particles/${name}.mrc`;
  };
  const examples: Particle[] = [];
  for (const { name, examples: boxes } of classes) {
    const imageName = await writeBox(`support-${plainName(name.toLowerCase(), { otherwise: "class" })}`, boxes[0]!);
    examples.push({ imageName, className: name, extra: {} });
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
  const { voxelSizeAngstrom } = classes[0]!.examples[0]!.volume;
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
  await write("examples.star", star(examples, "One example of each class"));
  await write("particles.star", star(rows, "Particles as the demo identified them"));
  await write("report.html", report);
}
