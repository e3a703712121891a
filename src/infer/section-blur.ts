import type { Shape3 } from "../volume/index.js";

/** Blurs a volume that comes section by section; sections go out as soon as those they depend on are in. */
export interface SectionBlur {
  /** Takes the next section, which it keeps no longer than it must and does not change; gives the sections that are ready. */
  push(section: Float32Array): Float32Array[];
  /** The sections that are left, once all have been pushed. */
  finish(): Float32Array[];
}

/**
 * A separable Gaussian of `sigmaVoxels`, cut at 3.7 sigma and normalised to the part of it that lies inside the volume, so
 * that a constant stays constant up to the borders. Holds `2 * reach + 1` sections, whatever the depth.
 */
export function createSectionBlur([nz, ny, nx]: Shape3, sigmaVoxels: number): SectionBlur {
  const reach = Math.max(1, Math.ceil(3.7 * sigmaVoxels));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigmaVoxels ** 2)));
  const [scaleX, scaleY, scaleZ] = [nx, ny, nz].map((length) => inverseWeights(length, kernel)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const held: Float32Array[] = [];
  let first = 0; // z of held[0]
  let next = 0; // z of the section that goes out next
  let pushed = 0;
  const ready = (): Float32Array[] => {
    const out: Float32Array[] = [];
    for (; next < pushed && (next + reach < pushed || pushed === nz); next++) {
      const sum = new Float64Array(ny * nx);
      for (let z = Math.max(0, next - reach); z <= Math.min(nz - 1, next + reach); z++) {
        const section = held[z - first];
        const weight = kernel[Math.abs(z - next)] * scaleZ[next];
        for (let i = 0; i < sum.length; i++) sum[i] += weight * section[i];
      }
      out.push(Float32Array.from(sum));
    }
    for (; first < next - reach; first++) held.shift();
    return out;
  };
  return {
    push(section) {
      held.push(blurSection(section, [ny, nx], kernel, { scaleX, scaleY }));
      pushed++;
      return ready();
    },
    finish: ready,
  };
}

/** One over the kernel's weight inside a line of `length`, at each position. */
function inverseWeights(length: number, kernel: Float64Array): Float64Array {
  return Float64Array.from({ length }, (_, at) => {
    let sum = 0;
    for (let k = 1 - kernel.length; k < kernel.length; k++)
      if (at + k >= 0 && at + k < length) sum += kernel[Math.abs(k)];
    return 1 / sum;
  });
}

function blurSection(
  section: Float32Array,
  [ny, nx]: readonly [number, number],
  kernel: Float64Array,
  { scaleX, scaleY }: { readonly scaleX: Float64Array; readonly scaleY: Float64Array },
): Float32Array {
  const reach = kernel.length - 1;
  const line = new Float64Array(nx + 2 * reach); // with a margin of zeros at both ends
  const rows = new Float64Array(ny * nx);
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) line[reach + x] = section[y * nx + x];
    for (let x = 0; x < nx; x++) {
      let sum = kernel[0] * line[reach + x];
      for (let k = 1; k <= reach; k++) sum += kernel[k] * (line[reach + x - k] + line[reach + x + k]);
      rows[y * nx + x] = sum * scaleX[x];
    }
  }
  const blurred = new Float32Array(ny * nx);
  const sums = new Float64Array(nx);
  for (let y = 0; y < ny; y++) {
    sums.fill(0);
    for (let other = Math.max(0, y - reach); other <= Math.min(ny - 1, y + reach); other++) {
      const weight = kernel[Math.abs(other - y)] * scaleY[y];
      for (let x = 0, at = other * nx; x < nx; x++, at++) sums[x] += weight * rows[at];
    }
    for (let x = 0; x < nx; x++) blurred[y * nx + x] = sums[x];
  }
  return blurred;
}
