import { packageVersion, type StagedFiles } from "../../files/disk/index.js";
import { crfParameters, describeAdaptation } from "../../infer/index.js";
import { type RunInformation, type SegmentReportData, segmentReport } from "../../report/index.js";
import { contrastText, voxelSizeText } from "../search/index.js";
import type { SegmentedClass, SegmentResult, SegmentSettings } from "./options.js";
import { doubtsOf, galleryOf, shapesByClass, tomogramPictures } from "./report-data.js";
import type { Segmentation } from "./segmentation.js";
import type { MeasuredShape } from "./tables.js";
import { VOLUME_NAMES, ZARR_NAME } from "./volumes.js";

/** Contrast and voxel size with how they are known, for report and terminal. */
export function specimenTexts({ contrast, grid }: Segmentation): Pick<SegmentResult, "contrast" | "voxelSize"> {
  return {
    contrast: contrastText(contrast.particles),
    voxelSize: grid && voxelSizeText(grid),
  };
}

/** What report and lists say of the run. */
export function runInformation(
  segmentation: Segmentation,
  durationSeconds: number,
  { crf, joint, particlesPath, tomogramPath, examples, command, seed }: SegmentSettings,
): RunInformation {
  const { adaptation, network, model, contrast: found, combined, particles } = segmentation;
  const { contrast, voxelSize } = specimenTexts(segmentation);
  return {
    command,
    seed,
    version: packageVersion(),
    model,
    durationSeconds,
    facts: [
      ["refinement (CRF)", joint ? `${crf}, neighbours together` : crf],
      ...(combined === undefined
        ? []
        : ([["masks made with those of like particles", `${combined} of ${particles.length}`]] as const)),
      ["contrast", contrast],
      ...(voxelSize === undefined ? [] : ([["voxel size of the tomogram", voxelSize]] as const)),
      ["particles", particlesPath],
      ["particles as measured", describeAdaptation(adaptation)],
      ["segmented at", `voxels of ${Number(network.voxelSizeAngstrom.toFixed(2))} Å`],
      ...(tomogramPath === undefined ? [] : ([["tomogram", tomogramPath]] as const)),
      ...(examples === undefined
        ? []
        : ([
            ["examples", examples.join(", ")],
            ["contrast of the examples", contrastText(found.examples)],
          ] as const)),
    ],
  };
}

/** Writes `report.html` and `segment.json`; gives what they say of each class. @throws FileError */
export async function writeReport(
  files: StagedFiles,
  segmentation: Segmentation,
  shapes: readonly MeasuredShape[],
  { volumes, surfaces }: Record<"volumes" | "surfaces", readonly string[]>,
  run: RunInformation,
  { crf, joint, tomogramPath }: SegmentSettings,
): Promise<SegmentedClass[]> {
  const { grid, network, warnings } = segmentation;
  const inverted = segmentation.contrast.particles.dark;
  const classes = shapesByClass(segmentation, shapes);
  const doubts = doubtsOf(segmentation, shapes);
  const pictured = grid && tomogramPath !== undefined;
  const tomogram = pictured ? await tomogramPictures(tomogramPath, segmentation, grid, { inverted }) : undefined;
  const gallery = galleryOf(segmentation, shapes);
  const outputs = [
    ...(grid ? [] : [["the mask of every particle, on its own grid", "masks/"] as const]),
    ...volumes.map((name) => [VOLUME_MEANINGS[name] ?? "labels", name] as const),
    ...surfaces.map((name) => ["surfaces of one class, in Å", name] as const),
    ...OTHER_OUTPUTS,
  ];
  await files.write("report.html", segmentReport({ warnings, classes, gallery, tomogram, doubts, outputs, run }));
  const summaries = classes.map(({ name, label, particles, diameter, volume }) => ({
    name,
    label,
    particles,
    diameterAngstrom: diameter,
    volumeCubicAngstrom: volume,
  }));
  const sidecar = {
    ...run,
    facts: Object.fromEntries(run.facts ?? []),
    crf: { choice: crf, joint, parameters: crfParameters(crf) ?? null },
    network,
    tomogram: grid ? { path: tomogramPath, ...grid } : null,
    classes: summaries,
    doubts: Object.fromEntries(doubts),
    warnings,
  };
  await files.write("segment.json", `${JSON.stringify(sidecar, null, 2)}\n`);
  return summaries;
}

const OTHER_OUTPUTS: SegmentReportData["outputs"] = [
  ["size and shape of every particle", "shapes.csv"],
  ["number of particles by size and class", "size-distribution.csv"],
  ["the particles with class and size", "segmented.star"],
  ["what was run, with every parameter", "segment.json"],
];

const VOLUME_MEANINGS: Readonly<Record<string, string>> = {
  [VOLUME_NAMES.labels]: "class of every voxel",
  [VOLUME_NAMES.instances]: "particle number of every voxel",
  [VOLUME_NAMES.probability]: "probability of a particle, per cent",
  [ZARR_NAME]: "the same as OME-Zarr",
};
