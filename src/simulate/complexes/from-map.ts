import { ConfigError } from "../../errors.js";
import { sampleLinear, type Volume } from "../../volume/index.js";
import { mergeBeads } from "./beads.js";
import { type Complex, CUBIC_ANGSTROM_PER_KILODALTON, createComplex } from "./complex.js";

/** Beads at least this close draw a smooth body at 10 Å voxels. */
const FINEST_SPACING_ANGSTROM = 5;

/**
 * A complex from a density map (protein positive). Voxels above `threshold` become beads weighted by their density;
 * coarse maps are interpolated first, fine ones merged. By default the molecule's surface is taken where the density is
 * half of what it is inside, and beads reach out to half of that again. The mass is that of protein filling the surface
 * (or the volume above `threshold`).
 * @throws ConfigError when nothing, or everything, is above the threshold, or the voxel size is not positive.
 */
export function complexFromMap(
  volume: Volume,
  { name, threshold }: { readonly name: string; readonly threshold?: number },
): Complex {
  const { data, shape, voxelSizeAngstrom } = volume;
  if (!(voxelSizeAngstrom > 0))
    throw new ConfigError(`the map's voxel size is ${voxelSizeAngstrom}`, {
      where: name,
      hint: "State it in Ångström.",
    });
  const contour = threshold ?? surfaceLevel(data);
  const lowest = threshold ?? contour / 2;
  let inside = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > contour) inside++;
  if (inside === 0 || inside === data.length)
    throw new ConfigError(`${inside === 0 ? "no" : "every"} voxel is above the threshold ${contour}`, {
      where: name,
      hint: "Give a threshold between the background and the particle; dark particles must be inverted first.",
    });
  const [nz, ny, nx] = shape;
  const parts = Math.max(1, Math.ceil(voxelSizeAngstrom / FINEST_SPACING_ANGSTROM - 0.5));
  const positions: number[] = [];
  const densities: number[] = [];
  const offset = (1 / parts - 1) / 2; // sub-voxels are centred on their voxel
  for (let z = 0; z < nz * parts; z++)
    for (let y = 0; y < ny * parts; y++)
      for (let x = 0; x < nx * parts; x++) {
        const [px, py, pz] = [x / parts + offset, y / parts + offset, z / parts + offset];
        const density = parts === 1 ? data[(z * ny + y) * nx + x] : sampleLinear(volume, px, py, pz);
        if (!(density > lowest)) continue;
        positions.push(px * voxelSizeAngstrom, py * voxelSizeAngstrom, pz * voxelSizeAngstrom);
        densities.push(density);
      }
  const mass = (inside * voxelSizeAngstrom ** 3) / CUBIC_ANGSTROM_PER_KILODALTON;
  const sum = densities.reduce((total, density) => total + density, 0);
  const beads = {
    positions: Float32Array.from(positions),
    weights: Float32Array.from(densities, (density) => (density * mass) / sum),
  };
  return createComplex(mergeBeads(beads), { name, source: "map" });
}

/** Half of the density inside the particle, which is the 90th percentile of what Otsu's threshold cuts out. */
function surfaceLevel(values: Float32Array): number {
  const threshold = otsuThreshold(values);
  const inside = values.filter((value) => value > threshold).sort();
  return inside.length === 0 ? threshold : inside[Math.floor(0.9 * (inside.length - 1))] / 2;
}

/** Otsu (1979): the threshold that maximises the variance between the two classes it makes. */
function otsuThreshold(values: Float32Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const bins = 512;
  const histogram = new Float64Array(bins);
  const scale = (bins - 1) / (high - low || 1);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.round((values[i] - low) * scale);
    histogram[bin]++;
    total += bin;
  }
  let [best, chosen, below, belowSum] = [-1, 0, 0, 0];
  for (let bin = 0; bin < bins - 1; bin++) {
    below += histogram[bin];
    belowSum += bin * histogram[bin];
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (belowSum / below - (total - belowSum) / above) ** 2;
    if (between > best) [best, chosen] = [between, bin];
  }
  return low + (chosen + 0.5) / scale;
}
