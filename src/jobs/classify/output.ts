import type { StagedFiles } from "../../files/disk/index.js";
import { relinkParticles } from "../../files/particles/index.js";
import { boxAt, insideMask } from "../../infer/index.js";
import { classNameOf, type Particle, writeMrc, writeParticles } from "../../io/index.js";
import { breathe } from "../../progress.js";
import type { RunInformation } from "../../report/index.js";
import { createVolume, rescaleFourier } from "../../volume/index.js";
import { givenTomogramColumns } from "../search/index.js";
import type { Classified } from "./classified.js";
import type { ClassifySettings } from "./options.js";
import { classifiedReport, sidecarOf } from "./report.js";

/** Writes masks, report, sidecar and list. @throws FileError, AbortError */
export async function writeClassified(
  files: StagedFiles,
  classified: Classified,
  run: RunInformation,
  settings: ClassifySettings,
): Promise<void> {
  await writeMasks(files, classified, run, settings);
  await files.write("report.html", classifiedReport(classified, run));
  await files.write("classified.json", `${JSON.stringify(sidecarOf(classified, run, settings), null, 2)}\n`);
  await files.write("classified.star", await listOf(classified, run, settings));
  await breathe(settings.signal);
}

/** "masks/particle-000001.mrc". */
function maskNameOf(index: number): string {
  return `masks/particle-${String(index + 1).padStart(6, "0")}.mrc`;
}

async function writeMasks(
  files: StagedFiles,
  { masks, queries, description }: Classified,
  { version }: RunInformation,
  { onProgress, signal }: ClassifySettings,
): Promise<void> {
  if (!masks) return;
  for (const [index, grid] of queries.grids.entries()) {
    const { volume } = boxAt(index, masks, undefined, description);
    const label = `cosnet ${version}: mask of particle ${index + 1}`;
    const same = grid.shape.join() === volume.shape.join() && grid.voxelSizeAngstrom === volume.voxelSizeAngstrom;
    const binary = insideMask((same ? volume : rescaleFourier(volume, grid)).data);
    await files.write(
      maskNameOf(index),
      writeMrc(createVolume(grid.shape, grid.voxelSizeAngstrom, binary), { mode: 0, labels: [label] }),
    );
    onProgress?.({ stage: "writing masks", done: index + 1, total: queries.grids.length });
    if (index % 16 === 15) await breathe(signal);
  }
}

/**
 * The list with class, probability and mask of every particle. Image and tomogram names are made to fit its folder; columns
 * that a class or mask of an earlier list would lose are kept under `cosnetPrevious...`.
 */
async function listOf(
  { names, queries: { path, list }, results, masks, contrast, tomogram }: Classified,
  run: RunInformation,
  { outputFolder }: ClassifySettings,
): Promise<string> {
  const particles = (await relinkParticles(list.particles, path, outputFolder)).map((particle, index): Particle => {
    const { classIndex, probability, margin, similarity } = results[index]!;
    return {
      ...particle,
      className: names[classIndex]!,
      classNumber: classIndex + 1,
      extra: {
        ...particle.extra,
        ...previousColumns(particle),
        cosnetProbability: probability.toFixed(4),
        cosnetMargin: margin.toFixed(4),
        cosnetSimilarity: similarity.toFixed(4),
        ...(masks && { cosnetMaskName: maskNameOf(index) }),
        ...(tomogram && givenTomogramColumns(tomogram, contrast.particles, particle)),
      },
    };
  });
  const format = list.origin === "tomogram-centre" ? "relion5" : "relion3.1";
  const comments = [
    `Classified by cosnet ${run.version}: ${run.model}, seed ${run.seed}`,
    `Classes: ${names.map((name, label) => `${label + 1} = ${name}`).join(", ")}`,
    "cosnetProbability is among these classes only; cosnetMargin is the lead over the second best.",
  ];
  return writeParticles({ ...list, particles }, { format, comments });
}

/** What the list said of class and mask before: the truth of simulated particles, for instance. */
function previousColumns(particle: Particle): Record<string, string> {
  const className = classNameOf(particle);
  const { cosnetMaskName } = particle.extra;
  return {
    ...(className !== undefined && { cosnetPreviousClassName: className }),
    ...(cosnetMaskName !== undefined && { cosnetPreviousMaskName: cosnetMaskName }),
  };
}
