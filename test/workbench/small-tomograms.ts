/** Tomograms that take seconds to search: noise-free particles of a few classes on a grid, and noise. */
import { writeMrc } from "../../src/io/index.js";
import { createRenderer, proceduralComplex } from "../../src/simulate/index.js";
import { createRandom, createVolume } from "../../src/volume/index.js";
import type { VoxelPosition } from "../../src/workbench/protocol/index.js";

/** Numbers of made-up complexes that look different, by what the classes are called. */
const COMPLEXES = { small: 3, large: 8, third: 14, fourth: 18 } as const;
const CLASS_NAMES = Object.keys(COMPLEXES) as (keyof typeof COMPLEXES)[];

export interface SmallTomogram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly particles: readonly { readonly position: VoxelPosition; readonly className: string }[];
  /** Half of the particles of each class. */
  readonly clicks: readonly { readonly position: VoxelPosition; readonly className: string }[];
}

interface Grid {
  readonly shape: readonly [number, number, number];
  /** Where particles are: along x and y alike, and along z. */
  readonly across: readonly [number, number];
  readonly layers: readonly number[];
}

/** Eight particles. */
const LOOSE: Grid = { shape: [64, 104, 104], across: [28, 76], layers: [16, 48] };
/** Four particles in about as few voxels as hold them, for what takes minutes with more; too thin to measure what an adaptation needs. */
const SMALL: Grid = { shape: [20, 48, 48], across: [12, 36], layers: [10] };
const VOXEL_SIZE_ANGSTROM = 10;

/** Two of each of the four classes: one click each. */
export function fourClasses(): SmallTomogram {
  return madeOf(LOOSE, CLASS_NAMES, (i) => (i + (i >> 2)) % 4);
}

/** Two classes, by eight particles or, in the smallest, four. */
export function twoClasses({ isSmallest = false } = {}): SmallTomogram {
  return madeOf(isSmallest ? SMALL : LOOSE, CLASS_NAMES.slice(0, 2), (i) => (i + (i >> 1) + (i >> 2)) % 2);
}

/** @param labelOf the class of each particle. */
function madeOf(
  { shape, across, layers }: Grid,
  classNames: typeof CLASS_NAMES,
  labelOf: (particle: number) => number,
): SmallTomogram {
  const [nz, ny, nx] = shape;
  const random = createRandom("workbench in the browser");
  const volume = createVolume([nz, ny, nx], VOXEL_SIZE_ANGSTROM);
  for (let i = 0; i < volume.data.length; i++) volume.data[i] = 0.25 * random.normal();
  const renderer = createRenderer({ shiftVoxels: 0, contrastTransfer: false });
  const complexes = classNames.map((name) => proceduralComplex(createRandom(COMPLEXES[name])));
  const particles = Array.from({ length: 4 * layers.length }, (_, i) => {
    const [z, y, x] = [layers[i >> 2]!, across[(i >> 1) & 1]!, across[i & 1]!];
    const label = labelOf(i);
    const { volume: box } = renderer.render(complexes[label]!, {
      random: random.fork(i),
      snr: Number.POSITIVE_INFINITY,
    });
    for (let v = 0; v < 32 ** 3; v++) {
      const [dz, dy, dx] = [(v >> 10) - 16, ((v >> 5) & 31) - 16, (v & 31) - 16];
      const inside = [z + dz, y + dy, x + dx].every((at, axis) => at >= 0 && at < shape[axis]!);
      if (inside) volume.data[((z + dz) * ny + y + dy) * nx + x + dx]! += box[v]!;
    }
    return { position: { x, y, z }, className: classNames[label] as string };
  });
  const clicks = classNames.flatMap((name) => {
    const own = particles.filter(({ className }) => className === name);
    return own.slice(0, own.length / 2);
  });
  return { bytes: new Uint8Array(writeMrc(volume)), particles, clicks };
}
