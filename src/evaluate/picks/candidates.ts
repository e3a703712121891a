import { ConfigError } from "../../errors.js";
import { createPointGrid, type Vector3 } from "../../volume/index.js";
import type { PickedParticle, TrueParticle } from "./particles.js";

/** The particles within reach of each pick: those of pick `p` are `truths[first[p]]` to `truths[first[p + 1] - 1]`, nearest first. */
export interface Candidates {
  readonly first: Int32Array;
  readonly truths: Int32Array;
}

/** More pairs than this are not a list of particles but a wrong unit: 10,000 picks all within reach of 10,000 particles. */
const MOST_PAIRS = 100_000_000;

/**
 * Finds them through grids. Particles of much unlike distances have grids of their own, so that a few large ones do not make
 * the cells of all others large.
 * @throws ConfigError when there are more than 10^8 pairs.
 */
export function findCandidates(
  picks: readonly PickedParticle[],
  truths: readonly TrueParticle[],
  { mostPairs = MOST_PAIRS } = {},
): Candidates {
  const tomograms = new Map<string, number>();
  const grids = truthGrids(truths, tomograms);
  const first = new Int32Array(picks.length + 1);
  let near = new Int32Array(Math.max(16, 2 * picks.length));
  let count = 0;
  const own: { truth: number; distance: number }[] = [];
  for (const [pick, { tomogram, positionAngstrom }] of picks.entries()) {
    const group = tomograms.get(tomogram);
    own.length = 0;
    if (group !== undefined)
      for (const { grid, members } of grids)
        grid.someNear(
          positionAngstrom,
          (point, distance) => {
            const truth = members[point];
            if (distance <= truths[truth].matchDistanceAngstrom) own.push({ truth, distance });
            return false;
          },
          group,
        );
    own.sort((a, b) => a.distance - b.distance || a.truth - b.truth);
    if (count + own.length > mostPairs) throw tooManyPairs(mostPairs, picks.length, truths.length);
    if (count + own.length > near.length) near = grown(near, count + own.length);
    for (const { truth } of own) near[count++] = truth;
    first[pick + 1] = count;
  }
  return { first, truths: near.subarray(0, count) };
}

/** Distance of a pick from a particle in Å. */
export function distanceAngstrom(a: Vector3, b: Vector3): number {
  const [dx, dy, dz] = [a.x - b.x, a.y - b.y, a.z - b.z];
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** A grid for each octave of distances; the tomograms are numbered on the way. */
function truthGrids(truths: readonly TrueParticle[], tomograms: Map<string, number>) {
  const octaves = new Map<number, { reach: number; members: number[] }>();
  for (const [truth, { matchDistanceAngstrom }] of truths.entries()) {
    const octave = Math.ceil(Math.log2(Math.max(matchDistanceAngstrom, 1e-9)));
    const known = octaves.get(octave);
    if (known) known.members.push(truth);
    else octaves.set(octave, { reach: 2 ** octave, members: [truth] });
  }
  for (const { tomogram } of truths) if (!tomograms.has(tomogram)) tomograms.set(tomogram, tomograms.size);
  return Array.from(octaves.values(), ({ reach, members }) => {
    const grid = createPointGrid(reach);
    for (const truth of members) grid.add(truths[truth].positionAngstrom, tomograms.get(truths[truth].tomogram));
    return { grid, members };
  });
}

function grown(values: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(least, 2 * values.length));
  larger.set(values);
  return larger;
}

function tooManyPairs(most: number, picks: number, truths: number): ConfigError {
  return new ConfigError(
    `more than ${most} pairs of ${picks} picks and ${truths} true particles are within the matching distance`,
    { hint: "Positions or distance are in a wrong unit: check the voxel size, or give a smaller --distance (Å)." },
  );
}
