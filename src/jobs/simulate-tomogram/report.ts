import { join } from "node:path";
import { openRandomAccess } from "../../files/disk/index.js";
import { decodeVoxels, MRC_MODES, parseMrcHeader } from "../../io/index.js";
import { type Plane, packingPicture, type RunInformation, tomogramReport } from "../../report/index.js";
import { contrastZeros, type PackingReport, type TiltPlan } from "../../simulate/index.js";
import { centreIndex } from "../../volume/index.js";
import { snrName, type TomogramParameters } from "./options.js";
import { readClassLabels, SPECIMEN_FILES } from "./specimen.js";

/** Tilt images shown: the lowest, one half way, the middle one. */
const SHOWN_TILTS = 3;

/** The page that shows a tomogram, drawn from the files in its folder. */
export async function tomogramPage(
  folder: string,
  {
    parameters: { shape, voxelSizeAngstrom, snrs },
    classNames,
    report,
    plan,
    run,
  }: {
    readonly parameters: TomogramParameters;
    readonly classNames: readonly string[];
    readonly report: PackingReport;
    readonly plan: TiltPlan;
    readonly run: Omit<RunInformation, "model">;
  },
): Promise<string> {
  const [nz, ny] = shape;
  const labels = await readClassLabels(folder, shape);
  const tomograms = [];
  for (const snr of snrs) {
    const path = join(folder, `snr-${snrName(snr)}`, "tomogram.mrc");
    tomograms.push({ snr, xy: await readSection(path, centreIndex(nz)), xz: await readRows(path, centreIndex(ny)) });
  }
  const noisiest = Math.min(...snrs);
  const noisyImages =
    noisiest === Number.POSITIVE_INFINITY
      ? join(folder, "tilt-series", "noise-free.mrc")
      : join(folder, `snr-${snrName(noisiest)}`, "tilt-series.mrc");
  const middle = centreIndex(plan.tilts.length);
  const shown = new Set(Array.from({ length: SHOWN_TILTS }, (_, i) => Math.round((i * middle) / (SHOWN_TILTS - 1))));
  const tilts = [];
  for (const index of shown)
    tilts.push({
      tiltDegrees: plan.tilts[index]!.tiltDegrees,
      image: await readSection(noisyImages, index),
      noiseFree: await readSection(join(folder, "tilt-series", "noise-free.mrc"), index),
    });
  const { optics } = plan.tilts[middle]!;
  return tomogramReport({
    shape,
    voxelSizeAngstrom,
    classes: report.placedPerClass.map((placed, i) => ({
      name: classNames[i]!,
      placed,
      requested: report.requestedPerClass[i]!,
    })),
    occupancy: report.occupancy,
    packingNote: report.reason,
    packing: packingPicture(labels, shape),
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
  return readPlane(path, (shape) => [{ first: z * shape[1], rows: shape[1] }]);
}

/** Row y of every section: the plane through y. */
async function readRows(path: string, y: number): Promise<Plane> {
  return readPlane(path, ([nz, ny]) => Array.from({ length: nz }, (_, z) => ({ first: z * ny + y, rows: 1 })));
}

async function readPlane(
  path: string,
  runsOf: (shape: readonly [number, number, number]) => readonly { readonly first: number; readonly rows: number }[],
): Promise<Plane> {
  const source = await openRandomAccess(path);
  try {
    const { header } = parseMrcHeader(await source.read(0, 1024), { name: path, byteLength: source.byteLength });
    const width = header.shape[2];
    const rowBytes = width * MRC_MODES[header.mode].bytesPerVoxel;
    const runs = runsOf(header.shape);
    const height = runs.reduce((sum, { rows }) => sum + rows, 0);
    const data = new Float32Array(width * height);
    let at = 0;
    for (const { first, rows } of runs) {
      const bytes = await source.read(header.dataOffset + first * rowBytes, rows * rowBytes);
      data.set(decodeVoxels(bytes, header.mode, header), at);
      at += rows * width;
    }
    return { width, height, data };
  } finally {
    await source.close();
  }
}
