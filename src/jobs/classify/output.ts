import type { StagedFiles } from "../../files/disk/index.js";
import type { ParticleBoxes } from "../../files/particles/index.js";
import { renameFrom } from "../../files/particles/index.js";
import type { Classification, Embedded, Embedder } from "../../infer/index.js";
import { classNameOf, type Particle, writeMrc, writeParticles } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import {
  chooseForGallery,
  classifyReport,
  type ReportBox,
  type ReportParticle,
  type RunInformation,
} from "../../report/index.js";
import { createVolume, rescaleFourier } from "../../volume/index.js";
import type { MaskRefinement } from "../masks/index.js";

/** What `classify` has found, before it is written. */
export interface Classified {
  readonly names: readonly string[];
  readonly labels: readonly number[];
  readonly supports: ParticleBoxes;
  readonly supported: Embedded;
  readonly queries: ParticleBoxes;
  readonly embedded: Embedded;
  readonly results: readonly Classification[];
  readonly embedder: Embedder;
  /** How the masks were refined, and what that changed; undefined when they were not. */
  readonly refinement: { readonly choice: string; readonly particles: readonly MaskRefinement[] } | undefined;
}

/**
 * Writes masks, report, sidecar and list. Image and tomogram names in the list are made to fit its folder, as `renameFrom`
 * does; columns that a class or mask of an earlier list would lose are kept under `cosnetPrevious...`.
 */
export async function writeClassified(
  files: StagedFiles,
  folder: string,
  data: Classified,
  run: RunInformation,
  options: Progress,
): Promise<void> {
  const { queries, embedded, results, names } = data;
  const rows: Particle[] = [];
  const renamed = renameFrom(queries.path, folder);
  for (const [index, particle] of queries.list.particles.entries()) {
    const { classIndex, probability, margin, similarity } = results[index]!;
    const maskName = `masks/particle-${String(index + 1).padStart(6, "0")}.mrc`;
    if (embedded.masks) await files.write(maskName, maskFile(data, index, run.version));
    const { imageName, tomogramName } = particle;
    rows.push({
      ...particle,
      ...(imageName !== undefined && { imageName: await renamed(imageName) }),
      ...(tomogramName !== undefined && { tomogramName: await renamed(tomogramName) }),
      className: names[classIndex]!,
      classNumber: classIndex + 1,
      extra: {
        ...particle.extra,
        ...previousColumns(particle),
        cosnetProbability: probability.toFixed(4),
        cosnetMargin: margin.toFixed(4),
        cosnetSimilarity: similarity.toFixed(4),
        ...(embedded.masks && { cosnetMaskName: maskName }),
      },
    });
    options.onProgress?.({ stage: "writing masks", done: index + 1, total: results.length });
    if (index % 16 === 15) await breathe(options.signal);
  }
  await breathe(options.signal);
  await files.write("report.html", reportOf(data, run));
  await files.write(
    "classified.json",
    `${JSON.stringify({ ...run, facts: Object.fromEntries(run.facts ?? []), classes: names, crf: data.refinement }, null, 2)}\n`,
  );
  const format = queries.list.origin === "tomogram-centre" ? "relion5" : "relion3.1";
  const comments = [
    `Classified by cosnet ${run.version}: ${run.model}, seed ${run.seed}`,
    `Classes: ${names.map((name, label) => `${label + 1} = ${name}`).join(", ")}`,
    "cosnetProbability is among these classes only; cosnetMargin is the lead over the second best.",
  ];
  await files.write("classified.star", writeParticles({ ...queries.list, particles: rows }, { format, comments }));
  await breathe(options.signal);
}

/** What the list said of class and mask before: the truth of simulated particles, for instance. */
function previousColumns(particle: Particle): Record<string, string> {
  const { extra } = particle;
  const className = classNameOf(particle);
  return {
    ...(className !== undefined && { cosnetPreviousClassName: className }),
    ...(extra.cosnetMaskName !== undefined && { cosnetPreviousMaskName: extra.cosnetMaskName }),
  };
}

function boxAt({ embedder }: Classified, boxes: ParticleBoxes, { masks }: Embedded, index: number): ReportBox {
  const { edge, voxelSizeAngstrom } = embedder.description;
  const [from, to] = [index * edge ** 3, (index + 1) * edge ** 3];
  return {
    volume: createVolume([edge, edge, edge], voxelSizeAngstrom, boxes.volumes.subarray(from, to)),
    mask: masks?.subarray(from, to),
  };
}

/** The particle's mask as 0 and 1 on the grid of its own box. */
function maskFile(data: Classified, index: number, version: string): Uint8Array {
  const { volume, mask } = boxAt(data, data.queries, data.embedded, index);
  const grid = data.queries.grids[index]!;
  const probability = createVolume(volume.shape, volume.voxelSizeAngstrom, Float32Array.from(mask!));
  const same = grid.shape.join() === volume.shape.join() && grid.voxelSizeAngstrom === volume.voxelSizeAngstrom;
  const onGrid = same ? probability : rescaleFourier(probability, grid);
  const binary = onGrid.data.map((p) => (p > 0.5 ? 1 : 0));
  return writeMrc(createVolume(grid.shape, grid.voxelSizeAngstrom, binary), {
    mode: 0,
    labels: [`cosnet ${version}: mask of particle ${index + 1}`],
  });
}

function reportOf(data: Classified, run: RunInformation): string {
  const { names, labels, supports, supported, queries, embedded, results } = data;
  const scores = results.map(({ classIndex, probability, margin }) => ({
    predictedClass: classIndex,
    probability,
    margin,
  }));
  const gallery: ReportParticle[] = chooseForGallery(scores).map((index) => ({
    name: queries.list.particles[index]!.imageName ?? `particle ${index + 1}`,
    box: boxAt(data, queries, embedded, index),
    ...scores[index]!,
  }));
  return classifyReport({
    classes: names.map((name, label) => ({
      name,
      supports: labels.flatMap((other, index) => (other === label ? [boxAt(data, supports, supported, index)] : [])),
    })),
    scores,
    gallery,
    outputs: [
      ["class, probability and margin of every particle", "classified.star"],
      ...(embedded.masks ? ([["the outline of every particle", "masks/"]] as const) : []),
      ["what was run", "classified.json"],
    ],
    run,
  });
}
