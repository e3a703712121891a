/** The frequencies at which boxes are compared orientation by orientation: low ones, which noise leaves and centring forgives. */

/** Voxels along the edge of the part of a box that is compared; at 10 Å voxels 240 Å. */
export const COMPARED_EDGE = 24;
/** Largest frequency in Fourier pixels of the compared part: 40 Å at 10 Å voxels. */
const LARGEST_FREQUENCY = 6;
/** Along an axis. */
export const REACH = Math.floor(LARGEST_FREQUENCY);

/** Fourier pixels `(x, y, z)`; of each pair of a frequency and its mirror image one, zero frequency left out. */
export interface Band {
  readonly count: number;
  readonly x: Int8Array;
  readonly y: Int8Array;
  readonly z: Int8Array;
  /** Distance from zero frequency, rounded. */
  readonly shell: Uint8Array;
}

/** One half of a ball of frequencies: x positive, or x zero and y positive, or both zero and z positive. */
export const band: Band = createBand(REACH);

function createBand(reach: number): Band {
  const found: { x: number; y: number; z: number }[] = [];
  for (let x = 0; x <= reach; x++)
    for (let y = -reach; y <= reach; y++)
      for (let z = -reach; z <= reach; z++) {
        const isChosen = x > 0 || y > 0 || (y === 0 && z > 0);
        if (isChosen && !(x === 0 && y < 0) && Math.hypot(x, y, z) <= LARGEST_FREQUENCY) found.push({ x, y, z });
      }
  return {
    count: found.length,
    x: Int8Array.from(found, ({ x }) => x),
    y: Int8Array.from(found, ({ y }) => y),
    z: Int8Array.from(found, ({ z }) => z),
    shell: Uint8Array.from(found, ({ x, y, z }) => Math.round(Math.hypot(x, y, z))),
  };
}
