/** Pictures and figures for the page of `pick`. */
import { adaptedEmbedder, describeAdaptation, type Embedder } from "../infer/index.js";
import {
  chooseForGallery,
  type PickReportTomogram,
  type PickSlice,
  type Plane,
  type ReportParticle,
} from "../report/index.js";
import { createVolume } from "../volume/index.js";
import { createBoxReader } from "./pick-embed.js";
import type { PickedTomogram } from "./pick-lists.js";
import { breathe, type Progress } from "./progress.js";

/** Depths of the slices that are shown, as shares of the tomogram's. */
const SLICE_DEPTHS = [0.3, 0.5, 0.7];
/** Sections averaged into one slice to both sides: 5 of 10 Å make a molecule plain. */
const SLICE_REACH = 2;
const LARGEST_PICTURE = 720;
const GALLERY_BOXES = 96;

export async function reportTomogram(picked: PickedTomogram, { signal }: Progress): Promise<PickReportTomogram> {
  const { searched, identified, path } = picked;
  const { grid, candidates } = searched;
  const [nz] = grid.shape;
  const slices: PickSlice[] = [];
  for (const depth of nz < 24 ? [0.5] : SLICE_DEPTHS) {
    await breathe(signal);
    const z = Math.round(depth * (nz - 1));
    const { plane, binning } = await sliceOf(picked, z);
    const pixel = grid.voxelSizeAngstrom * binning;
    const circles = candidates.flatMap(({ positionAngstrom: at, radiusAngstrom }, i) => {
      const away = Math.abs(at.z - z * grid.voxelSizeAngstrom);
      if (away >= radiusAngstrom) return [];
      return [
        {
          x: at.x / pixel + (1 / binning - 1) / 2 + 0.5,
          y: at.y / pixel + (1 / binning - 1) / 2 + 0.5,
          radius: Math.sqrt(radiusAngstrom ** 2 - away ** 2) / pixel,
          classIndex: identified.accepted[i] ? identified.identities[i]!.classIndex : undefined,
        },
      ];
    });
    slices.push({ depthAngstrom: z * grid.voxelSizeAngstrom, plane, circles });
  }
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

/** The mean of neighbouring sections, protein positive, binned so that the picture is not too large. */
async function sliceOf({ searched }: PickedTomogram, z: number): Promise<{ plane: Plane; binning: number }> {
  const { grid, scale } = searched;
  const [nz, ny, nx] = grid.shape;
  const binning = Math.ceil(Math.max(nx, ny) / LARGEST_PICTURE);
  const [width, height] = [Math.floor(nx / binning), Math.floor(ny / binning)];
  const data = new Float32Array(width * height);
  const [from, to] = [Math.max(0, z - SLICE_REACH), Math.min(nz - 1, z + SLICE_REACH)];
  const weight = scale.scale / ((to - from + 1) * binning ** 2);
  for (let section = from; section <= to; section++) {
    const values = await grid.rows(section, 0, height * binning);
    for (let y = 0; y < height * binning; y++)
      for (let x = 0; x < width * binning; x++)
        data[Math.floor(y / binning) * width + Math.floor(x / binning)]! += weight * (values[y * nx + x]! - scale.mean);
  }
  return { plane: { width, height, data }, binning };
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
