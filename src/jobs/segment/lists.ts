import { packageVersion, type StagedFiles } from "../../files/disk/index.js";
import { relinkParticles } from "../../files/particles/index.js";
import { insideMask, pasteMasks } from "../../infer/index.js";
import { classNameOf, type Particle, tomogramNameOf, writeMrc, writeParticles } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { RunInformation } from "../../report/index.js";
import { createVolume } from "../../volume/index.js";
import { givenTomogramColumns } from "../search/index.js";
import type { SegmentSettings } from "./options.js";
import type { Segmentation } from "./segmentation.js";
import type { MeasuredShape } from "./tables.js";

/** "masks/particle-000001.mrc". */
function maskNameOf(index: number): string {
  return `masks/particle-${String(index + 1).padStart(6, "0")}.mrc`;
}

/** Each particle's mask as 0 and 1 on the grid of its own box. */
export async function writeMasks(
  files: StagedFiles,
  { particles }: Segmentation,
  { signal, onProgress }: Progress,
): Promise<void> {
  for (const [index, { mask, grid }] of particles.entries()) {
    const { probability } = pasteMasks([[0, mask]], { ...grid, originAngstrom: { x: 0, y: 0, z: 0 } });
    const label = `cosnet ${packageVersion()}: mask of particle ${index + 1}`;
    const volume = createVolume(grid.shape, grid.voxelSizeAngstrom, insideMask(probability));
    await files.write(maskNameOf(index), writeMrc(volume, { mode: 0, labels: [label] }));
    onProgress?.({ stage: "writing masks", done: index + 1, total: particles.length });
    if (index % 16 === 15) await breathe(signal);
  }
}

/**
 * `segmented.star`: the list with class, number in the instance labels, and size. Columns that a class of an earlier list would
 * lose are kept under `cosnetPrevious...`.
 */
export async function writeSegmentedList(
  files: StagedFiles,
  { list, listPath, grid, contrast, particles: segmented, classes: { names, labels } }: Segmentation,
  shapes: readonly MeasuredShape[],
  run: RunInformation,
  { outputFolder, tomogramPath, tomogramName }: SegmentSettings,
): Promise<void> {
  const masks = grid === undefined;
  const ownName = tomogramPath === undefined ? undefined : tomogramNameOf(tomogramPath);
  const rows = (await relinkParticles(list.particles, listPath, outputFolder)).map((particle, index): Particle => {
    const { classIndex, classification, crf } = segmented[index]!;
    const { equivalentDiameterAngstrom, volumeCubicAngstrom, sphericity } = shapes[index]!;
    const before = classNameOf(particle);
    const name = tomogramName ?? particle.tomogramName ?? ownName;
    return {
      ...particle,
      ...(name !== undefined && { tomogramName: name }),
      className: names[classIndex]!,
      classNumber: labels[classIndex]!,
      extra: {
        ...particle.extra,
        ...(classification && before !== undefined && { cosnetPreviousClassName: before }),
        ...(classification && {
          cosnetProbability: classification.probability.toFixed(4),
          cosnetMargin: classification.margin.toFixed(4),
          cosnetSimilarity: classification.similarity.toFixed(4),
        }),
        ...(masks &&
          particle.extra.cosnetMaskName !== undefined && { cosnetPreviousMaskName: particle.extra.cosnetMaskName }),
        ...(masks && { cosnetMaskName: maskNameOf(index) }),
        cosnetParticleNumber: String(index + 1),
        cosnetDiameterAngst: equivalentDiameterAngstrom.toFixed(2),
        cosnetVolumeCubicAngst: volumeCubicAngstrom.toFixed(0),
        cosnetSphericity: Number.isNaN(sphericity) ? "0" : sphericity.toFixed(4),
        cosnetCrfNotUsed: crf?.flagged ? "1" : "0",
        ...(grid && givenTomogramColumns(grid, contrast.particles, particle)),
      },
    };
  });
  const comments = [
    `Segmented by cosnet ${run.version}: ${run.model}, seed ${run.seed}`,
    `Classes: ${names.map((name, i) => `${labels[i]} = ${name}`).join(", ")}`,
    "cosnetParticleNumber is the particle's value in instances.mrc; the diameter is that of the sphere of the same volume.",
  ];
  const format = list.origin === "tomogram-centre" ? "relion5" : "relion3.1";
  await files.write("segmented.star", writeParticles({ ...list, particles: rows }, { format, comments }));
}
