import { join } from "node:path";
import { writeFileAtomic } from "../../files/disk/index.js";
import { openTomogram } from "../../files/tomogram/index.js";
import { type Picture, type Plane, type RunInformation, tomogramReport } from "../../report/index.js";
import { contrastZeros, type PackingReport, type TiltPlan } from "../../simulate/index.js";
import { centreIndex } from "../../volume/index.js";
import { folderOf, NOISE_FREE_IMAGES, SPECIMEN_FILES, tomogramIn } from "./files.js";
import type { TomogramParameters } from "./options.js";

/** What the page says besides what the files hold. */
export interface TomogramPageData {
  readonly parameters: TomogramParameters;
  readonly classNames: readonly string[];
  readonly report: PackingReport;
  readonly plan: TiltPlan;
  /** See `packingPicture`. */
  readonly packing: Picture;
  readonly run: Omit<RunInformation, "model">;
}

/** Writes the page that shows a tomogram, drawn from the files in its folder. @throws FileError */
export async function writeTomogramPage(folder: string, data: TomogramPageData): Promise<void> {
  await writeFileAtomic(join(folder, "report.html"), await tomogramPage(folder, data));
}

async function tomogramPage(
  folder: string,
  { parameters: { shape, voxelSizeAngstrom, snrs }, classNames, report, plan, packing, run }: TomogramPageData,
): Promise<string> {
  const [nz, ny] = shape;
  const common = {
    ...{ pixelAngstrom: voxelSizeAngstrom, fileVoxelSizeAngstrom: voxelSizeAngstrom },
    ...{ thicknessAngstrom: voxelSizeAngstrom, isInverted: false },
  };
  const tomograms = [];
  for (const snr of snrs) {
    const path = join(folder, tomogramIn(folderOf(snr)));
    const [xy, xz] = [await readSection(path, centreIndex(nz)), await readRows(path, centreIndex(ny))];
    tomograms.push({
      snr,
      xy: { ...common, plane: xy, axes: ["x", "y", "z"] as const, section: centreIndex(nz) + 1, sections: nz },
      xz: { ...common, plane: xz, axes: ["x", "z", "y"] as const, section: centreIndex(ny) + 1, sections: ny },
    });
  }
  const noisiest = Math.min(...snrs);
  const noisyImages = noisiest === Infinity ? NOISE_FREE_IMAGES : `${folderOf(noisiest)}/tilt-series.mrc`;
  const middle = centreIndex(plan.tilts.length);
  const shown = new Set([0, Math.round(middle / 2), middle]); // the lowest, one half way, the middle one
  const tilts = [];
  for (const [index, { tiltDegrees }] of plan.tilts.entries()) {
    if (!shown.has(index)) continue;
    tilts.push({
      tiltDegrees,
      number: index + 1,
      image: await readSection(join(folder, noisyImages), index),
      noiseFree: await readSection(join(folder, NOISE_FREE_IMAGES), index),
    });
  }
  const { optics } = plan.tilts[middle]!;
  return tomogramReport({
    shape,
    voxelSizeAngstrom,
    classes: report.placedPerClass.map((placed, i) => ({
      name: classNames[i] ?? "",
      placed,
      requested: report.requestedPerClass[i] ?? 0,
    })),
    occupancy: report.occupancy,
    packingNote: report.reason,
    packing,
    tomograms,
    labels: await readSection(join(folder, SPECIMEN_FILES.classLabels), centreIndex(nz)),
    tilts,
    transfer: {
      defocusMicrometre: optics.defocusMicrometre,
      zeros: plan.imaging.contrastTransfer ? contrastZeros(optics, voxelSizeAngstrom) : [],
    },
    run,
  });
}

/** Section z of a volume or stack. */
async function readSection(path: string, z: number): Promise<Plane> {
  await using volume = await openTomogram(path);
  const [, height, width] = volume.shape;
  return { width, height, data: await volume.read([z, 0, 0], [1, height, width]) };
}

/** Row y of every section: the plane through y. */
async function readRows(path: string, y: number): Promise<Plane> {
  await using volume = await openTomogram(path);
  const [height, , width] = volume.shape;
  return { width, height, data: await volume.read([0, y, 0], [height, 1, width]) };
}
