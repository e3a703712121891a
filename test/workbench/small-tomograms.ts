/** Tomograms that take seconds to search: noise-free particles of a few classes on a grid, and noise. */
import { writeMrc } from "../../src/io/index.js";
import { createRenderer, proceduralComplex } from "../../src/simulate/index.js";
import { createRandom, createVolume } from "../../src/volume/index.js";
import type { VoxelPosition } from "../../src/workbench/protocol/index.js";

/** Numbers of made-up complexes that look different, by what the classes are called; what is other nobody clicks. */
const COMPLEXES = { small: 3, large: 8, third: 14, fourth: 18, other: 11 } as const;
type ClassName = keyof typeof COMPLEXES;

export interface SmallTomogram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly particles: readonly { readonly position: VoxelPosition; readonly className: string }[];
  /** Half of the particles of each class, or the only one. */
  readonly clicks: readonly { readonly position: VoxelPosition; readonly className: string }[];
}

interface Grid {
  readonly shape: readonly [number, number, number];
  /** Where particles are along each axis. */
  readonly along: { readonly x: readonly number[]; readonly y: readonly number[]; readonly z: readonly number[] };
}

/** Eight particles. */
const LOOSE: Grid = { shape: [64, 104, 104], along: { x: [28, 76], y: [28, 76], z: [16, 48] } };
/** Four particles in about as few voxels as hold them, for what takes minutes with more; too thin to measure what an adaptation needs. */
const SMALL: Grid = { shape: [16, 44, 44], along: { x: [11, 33], y: [11, 33], z: [8] } };
const VOXEL_SIZE_ANGSTROM = 10;

/** Two of each of the four classes: one click each. */
export function fourClasses(): SmallTomogram {
  const names = ["small", "large", "third", "fourth"] as const;
  return madeOf(LOOSE, (i) => names[(i + (i >> 2)) % 4]!);
}

/** One particle of each of three classes, which is clicked, and one of none. */
export function oneOfThreeClasses(): SmallTomogram {
  return madeOf(SMALL, (i) => (["small", "third", "large", "other"] as const)[i]!);
}

/** Four of each of two classes: two clicks each. */
export function twoClasses(): SmallTomogram {
  return madeOf(LOOSE, (i) => (["small", "large"] as const)[(i + (i >> 1) + (i >> 2)) % 2]!);
}

function madeOf({ shape, along }: Grid, classOf: (particle: number) => ClassName): SmallTomogram {
  const [nz, ny, nx] = shape;
  const random = createRandom("workbench in the browser");
  const volume = createVolume([nz, ny, nx], VOXEL_SIZE_ANGSTROM);
  for (let i = 0; i < volume.data.length; i++) volume.data[i] = 0.25 * random.normal();
  const renderer = createRenderer({ shiftVoxels: 0, contrastTransfer: false });
  const particles = positionsOf(along).map(({ x, y, z }, i) => {
    const className = classOf(i);
    const { volume: box } = renderer.render(proceduralComplex(createRandom(COMPLEXES[className])), {
      random: random.fork(i),
      snr: Number.POSITIVE_INFINITY,
    });
    for (let v = 0; v < 32 ** 3; v++) {
      const [dz, dy, dx] = [(v >> 10) - 16, ((v >> 5) & 31) - 16, (v & 31) - 16];
      const inside = [z + dz, y + dy, x + dx].every((at, axis) => at >= 0 && at < shape[axis]!);
      if (inside) volume.data[((z + dz) * ny + y + dy) * nx + x + dx]! += box[v]!;
    }
    return { position: { x, y, z }, className };
  });
  const names = [...new Set(particles.map(({ className }) => className))].filter((name) => name !== "other");
  const clicks = names.flatMap((name) => {
    const own = particles.filter(({ className }) => className === name);
    return own.slice(0, Math.ceil(own.length / 2));
  });
  return { bytes: new Uint8Array(writeMrc(volume)), particles, clicks };
}

/** Along x first. */
function positionsOf({ x: xs, y: ys, z: zs }: Grid["along"]): VoxelPosition[] {
  return zs.flatMap((z) => ys.flatMap((y) => xs.map((x) => ({ x, y, z }))));
}
