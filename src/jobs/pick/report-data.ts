/** Pictures and figures for the page of `pick`. */
import { adaptedEmbedder, describeAdaptation, type Embedder } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import { chooseForGallery, type PickReportTomogram, type ReportParticle } from "../../report/index.js";
import { createVolume } from "../../volume/index.js";
import { createBoxReader } from "../search/index.js";
import type { PickedTomogram } from "./lists.js";
import { reportSlices } from "./slices.js";

const GALLERY_BOXES = 96;

export async function reportTomogram(picked: PickedTomogram, { signal }: Progress): Promise<PickReportTomogram> {
  const { searched, identified, path } = picked;
  const { grid, candidates } = searched;
  const slices = await reportSlices(picked, { signal });
  const [fz, fy, fx] = grid.fileShape;
  const { neighbours, border, mask, gold } = searched.excluded;
  const left = [
    [neighbours, "too near to a better one"],
    [border, "too near to the border"],
    [mask, "outside the mask"],
    [gold, "gold"],
  ] as const;
  return {
    name: path,
    facts: [
      ["size", `${fx} × ${fy} × ${fz} voxels of ${Number(grid.fileVoxelSizeAngstrom.toFixed(3))} Å`],
      ["searched at", `voxels of ${Number(grid.voxelSizeAngstrom.toFixed(2))} Å`],
      ["as measured", describeAdaptation(searched.adaptation)],
      ["contrast", `${searched.contrast.dark ? "dark" : "bright"} protein (${searched.contrast.reason})`],
      [
        "candidates",
        `${candidates.length} of ${searched.peaks} peaks${left.map(([n, why]) => (n > 0 ? `; ${n} left out: ${why}` : "")).join("")}`,
      ],
      ["picked", String(identified.accepted.filter(Boolean).length)],
      ...(identified.openSet
        ? ([
            [
              "share of the candidates that are of the given classes, by their similarities",
              `${(100 * identified.openSet.knownShare).toFixed(0)} %`,
            ],
          ] as const)
        : []),
    ],
    slices,
  };
}

/** Boxes and masks of picks worth a look: of each class the surest and the least sure. */
export async function reportGallery(
  tomograms: readonly PickedTomogram[],
  embedder: Embedder,
  { signal, onProgress }: Progress,
): Promise<ReportParticle[]> {
  const { edge, voxelSizeAngstrom } = embedder.description;
  const all = tomograms.flatMap(({ identified }, tomogram) =>
    identified.identities.flatMap(({ classIndex, probability, margin }, candidate) =>
      identified.accepted[candidate] ? [{ tomogram, candidate, predictedClass: classIndex, probability, margin }] : [],
    ),
  );
  const classes = new Set(all.map(({ predictedClass }) => predictedClass)).size;
  const perClass = Math.max(2, Math.min(12, Math.floor(GALLERY_BOXES / Math.max(1, classes))));
  const chosen = chooseForGallery(all, { perClass });
  const particles: ReportParticle[] = [];
  for (const index of chosen) {
    const { tomogram, candidate, ...score } = all[index]!;
    const { searched, path } = tomograms[tomogram]!;
    onProgress?.({ stage: "drawing the report", done: particles.length, total: chosen.length });
    await breathe(signal);
    const position = searched.candidates[candidate]!.positionAngstrom;
    const box = await createBoxReader(searched.grid, searched.scale, edge)(position);
    const { masks } = await adaptedEmbedder(embedder, searched.adaptation).embed(box, { signal });
    const { x, y, z } = position;
    particles.push({
      name: `${tomograms.length > 1 ? `${path}: ` : ""}${x.toFixed(0)}, ${y.toFixed(0)}, ${z.toFixed(0)} Å`,
      box: { volume: createVolume([edge, edge, edge], voxelSizeAngstrom, box), mask: masks },
      ...score,
    });
  }
  return particles;
}
