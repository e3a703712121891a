import { packageVersion } from "../../files/disk/index.js";
import { boxAt, crfParameters, describeAdaptation } from "../../infer/index.js";
import { chooseForGallery, classifyReport, particleName, type RunInformation } from "../../report/index.js";
import { contrastText, voxelSizeText } from "../search/index.js";
import type { Classified } from "./classified.js";
import type { ClassifySettings, ExampleAgreement } from "./options.js";

/** What report and list say of the run. */
export function runInformation(
  classified: Classified,
  model: string,
  durationSeconds: number,
  { command, seed, examples, particlesPath, crf, proportions }: ClassifySettings,
): RunInformation {
  const { supports, queries, adaptations, agreement, refinements, combined, contrast, tomogram } = classified;
  const sizes = new Set([...supports.grids, ...queries.grids].map((grid) => grid.voxelSizeAngstrom.toFixed(3)));
  const flagged = refinements.filter((refinement) => refinement.flagged).length;
  const refinement = `refined by the CRF (${crf}); ${flagged} would have changed too much and were left`;
  return {
    command,
    seed,
    version: packageVersion(),
    model,
    durationSeconds,
    facts: [
      ...(tomogram
        ? [["voxel size of the tomogram", voxelSizeText(tomogram)] as const]
        : [["voxel size of the files", `${[...sizes].join(", ")} Å`] as const]),
      ["contrast", contrastText(contrast.particles)],
      ["contrast of the examples", contrastText(contrast.examples)],
      ["examples", examples.join(", ")],
      ["particles", particlesPath],
      ["examples as measured", describeAdaptation(adaptations.examples)],
      ["particles as measured", describeAdaptation(adaptations.particles)],
      ["classes are taken to be", proportions ? "as frequent as the list shows" : "equally frequent"],
      ...(agreement ? [["examples recognised by the others of all classes", agreementText(agreement)] as const] : []),
      ...(refinements.length > 0 ? [["masks", refinement] as const] : []),
      ...(combined === undefined
        ? []
        : [["masks made with those of like particles", `${combined} of ${queries.grids.length}`] as const]),
    ],
  };
}

function agreementText({ recognised, of, doubtful }: ExampleAgreement): string {
  const rows = doubtful.length > 0 ? `; not rows ${doubtful.map((row) => row + 1).join(", ")} of their list` : "";
  return `${recognised} of ${of}${rows}`;
}

/** `classified.json`. */
export function sidecarOf(
  { names, refinements, warnings }: Classified,
  run: RunInformation,
  { crf }: ClassifySettings,
): object {
  const parameters = crfParameters(crf);
  return {
    ...run,
    facts: Object.fromEntries(run.facts ?? []),
    classes: names,
    warnings,
    ...(parameters && { crf: { choice: crf, parameters, particles: refinements } }),
  };
}

/** `report.html`. */
export function classifiedReport(classified: Classified, run: RunInformation): string {
  const { names, labels, supports, supported, queries, masks, results, description, warnings } = classified;
  const scores = results.map(({ classIndex, probability, margin }) => ({
    predictedClass: classIndex,
    probability,
    margin,
  }));
  return classifyReport({
    warnings,
    classes: names.map((name, label) => ({
      name,
      examples: [...labels.keys()]
        .filter((index) => labels[index] === label)
        .map((index) => boxAt(index, supports.volumes, supported.masks, description)),
    })),
    scores,
    gallery: chooseForGallery(scores).map((index) => ({
      name: particleName(index, {
        imageName: queries.list.particles[index]?.imageName,
        centreVoxel: queries.grids[index]?.centreVoxel,
      }),
      box: boxAt(index, queries.volumes, masks, description),
      ...scores[index]!,
    })),
    outputs: [
      ["class, probability and margin of every particle", "classified.star"],
      ...(masks ? ([["the mask of every particle", "masks/"]] as const) : []),
      ["what was run", "classified.json"],
    ],
    run,
  });
}
