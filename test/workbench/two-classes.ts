/** A tomogram that takes seconds to search: eight noise-free particles of two classes on a loose grid, and noise. */
import { writeMrc } from "../../src/io/index.js";
import { createRenderer, proceduralComplex } from "../../src/simulate/index.js";
import { createRandom, createVolume } from "../../src/volume/index.js";
import type { VoxelPosition } from "../../src/workbench/protocol/index.js";

const CLASS_NAMES = ["small", "large"] as const;

export interface TwoClasses {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly particles: readonly { readonly position: VoxelPosition; readonly className: string }[];
  /** Two particles of each class. */
  readonly clicks: readonly { readonly position: VoxelPosition; readonly className: string }[];
}

const SHAPE = [64, 104, 104] as const;
const VOXEL_SIZE_ANGSTROM = 10;

export function twoClasses(): TwoClasses {
  const [nz, ny, nx] = SHAPE;
  const random = createRandom("workbench in the browser");
  const volume = createVolume([nz, ny, nx], VOXEL_SIZE_ANGSTROM);
  for (let i = 0; i < volume.data.length; i++) volume.data[i] = 0.25 * random.normal();
  const renderer = createRenderer({ shiftVoxels: 0, contrastTransfer: false });
  const complexes = [3, 8].map((seed) => proceduralComplex(createRandom(seed)));
  const particles = Array.from({ length: 8 }, (_, i) => {
    const [z, y, x] = [16 + 32 * (i >> 2), 28 + 48 * ((i >> 1) & 1), 28 + 48 * (i & 1)];
    const label = (i + (i >> 1) + (i >> 2)) % 2;
    const { volume: box } = renderer.render(complexes[label]!, {
      random: random.fork(i),
      snr: Number.POSITIVE_INFINITY,
    });
    for (let v = 0; v < 32 ** 3; v++) {
      const [dz, dy, dx] = [(v >> 10) - 16, ((v >> 5) & 31) - 16, (v & 31) - 16];
      volume.data[((z + dz) * ny + y + dy) * nx + x + dx] += box[v];
    }
    return { position: { x, y, z }, className: CLASS_NAMES[label] as string };
  });
  const clicks = CLASS_NAMES.flatMap((name) => particles.filter(({ className }) => className === name).slice(0, 2));
  return { bytes: new Uint8Array(writeMrc(volume)), particles, clicks };
}
