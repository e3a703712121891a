import type { Shape3, Vector3 } from "../volume/index.js";
import { suppressNeighbours } from "./pick/suppress.js";
import { createSectionBlur } from "./section-blur.js";

/** A position where a ball of the template's radius fits best. */
interface SpherePeak {
  /** From the centre of voxel (0,0,0). */
  readonly positionAngstrom: Vector3;
  /** Response of the filter, in grey values of the tomogram. */
  readonly score: number;
}

export interface SphereTemplateOptions {
  readonly radiusAngstrom: number;
  readonly voxelSizeAngstrom: number;
  /** Protein is dark. */
  readonly inverted?: boolean;
  /** Peaks nearer to a higher one are left out; default the radius. */
  readonly separationAngstrom?: number;
  /** At most this many peaks, the highest; default 50,000. */
  readonly maximumPeaks?: number;
}

/** Takes a tomogram section by section; see `createSphereTemplate`. */
export interface SphereTemplate {
  /** The next section along z, `[ny, nx]`; values that are not finite count as 0. */
  push(section: Float32Array): void;
  /** The peaks in descending score, once all sections have been pushed. */
  finish(): SpherePeak[];
}

/** Binned voxels that the radius spans: enough for the filter, and few enough for it to be fast. */
const RADIUS_BINNED_VOXELS = 3.5;
/** Ratio of the two Gaussians: at 1.6 their difference is closest to a Laplacian of Gaussian (Marr and Hildreth 1980). */
const SIGMA_RATIO = 1.6;

/**
 * The simplest way to find particles of a known size, to compare pickers with: a band-pass (a difference of Gaussians, which
 * is nearly a Laplacian of Gaussian with sigma = R / sqrt 3, the scale at which a ball of radius R responds most), its local
 * maxima, refined by parabolas, and non-maximum suppression. It ignores shape, wedge and class.
 *
 * Sections are averaged into voxels of about R / 3.5 and blurred as they come; only as many as the wider Gaussian reaches are
 * kept, so memory does not grow with the tomogram's depth. At its borders the Gaussians are normalised to what is inside.
 */
export function createSphereTemplate(shape: Shape3, options: SphereTemplateOptions): SphereTemplate {
  const { radiusAngstrom, voxelSizeAngstrom, inverted = false, maximumPeaks = 50_000 } = options;
  const { separationAngstrom = radiusAngstrom } = options;
  const radiusVoxels = radiusAngstrom / voxelSizeAngstrom;
  const bin = Math.max(1, Math.min(Math.round(radiusVoxels / RADIUS_BINNED_VOXELS), ...shape));
  const [nz, ny, nx] = shape.map((length) => Math.floor(length / bin)) as [number, number, number];
  const sigma = radiusVoxels / bin / Math.sqrt(3);
  const narrow = createSectionBlur([nz, ny, nx], sigma / Math.sqrt(SIGMA_RATIO));
  const wide = createSectionBlur([nz, ny, nx], sigma * Math.sqrt(SIGMA_RATIO));
  const peaks = createPeakCollector(maximumPeaks);
  const pending: Float32Array[] = []; // sections of the narrow blur, which is ready earlier
  const recent: Float32Array[] = []; // the last three sections of the response
  let binned = new Float64Array(ny * nx);
  let sectionsInBin = 0;
  let taken = 0;
  let responses = 0;

  const respond = (narrowSections: readonly Float32Array[], wideSections: readonly Float32Array[]) => {
    pending.push(...narrowSections);
    for (const blurred of wideSections) {
      const response = pending.shift()!;
      for (let i = 0; i < response.length; i++) response[i] -= blurred[i];
      recent.push(response);
      responses++;
      if (recent.length > 3) recent.shift();
      if (recent.length === 3) findMaxima(recent, [ny, nx], responses - 2, peaks.add);
    }
  };
  return {
    push(section) {
      addBinned(section, binned, { width: shape[2], nx, ny, bin });
      sectionsInBin++;
      if (sectionsInBin < bin || taken === nz) return;
      const scale = (inverted ? -1 : 1) / bin ** 3;
      const values = Float32Array.from(binned, (value) => value * scale);
      binned = new Float64Array(ny * nx);
      sectionsInBin = 0;
      taken++;
      respond(narrow.push(values), wide.push(values));
    },
    finish() {
      respond(narrow.finish(), wide.finish());
      // A binned voxel i has its centre between voxels b i and b i + b - 1.
      const toAngstrom = (index: number) => (index * bin + (bin - 1) / 2) * voxelSizeAngstrom;
      const found = peaks.sorted().map(({ x, y, z, score }) => ({
        position: { x: toAngstrom(x), y: toAngstrom(y), z: toAngstrom(z) },
        score,
        radius: separationAngstrom / 2,
      }));
      const apart = suppressNeighbours(found, { spacing: 1 });
      return apart.map(({ position, score }): SpherePeak => ({ positionAngstrom: position, score }));
    },
  };
}

function addBinned(
  section: Float32Array,
  sums: Float64Array,
  { width, nx, ny, bin }: { width: number; nx: number; ny: number; bin: number },
): void {
  for (let y = 0; y < ny * bin; y++) {
    const row = Math.floor(y / bin) * nx;
    for (let x = 0, at = y * width; x < nx; x++) {
      let sum = 0;
      for (let k = 0; k < bin; k++, at++) {
        const value = section[at];
        if (Number.isFinite(value)) sum += value;
      }
      sums[row + x] += sum;
    }
  }
}

/** In binned voxels. */
interface GridPeak extends Vector3 {
  readonly score: number;
}

/** Voxels of the middle section that are above zero and above all their 26 neighbours (of equals the first counts). */
function findMaxima(
  sections: readonly Float32Array[],
  [ny, nx]: readonly [number, number],
  z: number,
  add: (peak: GridPeak) => void,
): void {
  const [below, middle, above] = sections;
  for (let y = 1; y < ny - 1; y++)
    for (let x = 1; x < nx - 1; x++) {
      const at = y * nx + x;
      const value = middle[at];
      if (value <= 0 || !isMaximum(sections, at, nx, value)) continue;
      const offset = (before: number, after: number) => {
        const curvature = before - 2 * value + after;
        return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * curvature))) : 0;
      };
      add({
        x: x + offset(middle[at - 1], middle[at + 1]),
        y: y + offset(middle[at - nx], middle[at + nx]),
        z: z + offset(below[at], above[at]),
        score: value,
      });
    }
}

function isMaximum(sections: readonly Float32Array[], at: number, nx: number, value: number): boolean {
  for (let s = 0; s < 3; s++) {
    const section = sections[s];
    for (let dy = -nx; dy <= nx; dy += nx)
      for (let dx = -1; dx <= 1; dx++) {
        const before = s < 1 || (s === 1 && (dy < 0 || (dy === 0 && dx < 0)));
        const itself = s === 1 && dy === 0 && dx === 0;
        const other = section[at + dy + dx];
        if (!itself && (before ? other >= value : other > value)) return false;
      }
  }
  return true;
}

/** Keeps the highest `most` peaks, with room for as many again before the lowest are discarded. */
function createPeakCollector(most: number) {
  let kept: GridPeak[] = [];
  let floor = 0;
  const sort = () => kept.sort((a, b) => b.score - a.score || a.z - b.z || a.y - b.y || a.x - b.x);
  return {
    add(peak: GridPeak): void {
      if (peak.score <= floor) return;
      kept.push(peak);
      if (kept.length < 2 * most) return;
      kept = sort().slice(0, most);
      floor = kept[most - 1].score;
    },
    sorted: (): GridPeak[] => sort().slice(0, most),
  };
}
