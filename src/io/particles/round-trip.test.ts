import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import { angleBetweenQuaternions, normaliseQuaternion, rotateVector, type Vector3 } from "../../volume/index.js";
import { PARTICLE_CODECS, PARTICLE_FORMATS, type ParticleFormat } from "./formats.js";
import type { Particle, ParticleList } from "./model/particle-list.js";
import { readParticleList } from "./read.js";
import { recogniseParticleFormat } from "./recognise.js";
import { writeParticleList } from "./write.js";

/** The precision that is promised for every format: a thousandth of an Angstrom, a ten-thousandth of the unit vectors. */
const POSITION_TOLERANCE_ANGSTROM = 1e-3;
const ROTATION_TOLERANCE = 1e-4;

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const orientation = fc
  .tuple(finite(-1, 1), finite(-1, 1), finite(-1, 1), finite(-1, 1))
  .filter((q) => Math.hypot(...q) > 0.1)
  .map(([w, x, y, z]) => normaliseQuaternion({ w, x, y, z }));
const particle = fc.record({
  position: fc.record({ x: finite(-50, 6000), y: finite(0, 6000), z: finite(0, 3000) }),
  orientation,
  classNumber: fc.integer({ min: 1, max: 4 }),
  score: finite(0.001, 1),
  tomogram: fc.integer({ min: 1, max: 3 }),
});

/** Voxels of a binned tomogram with an odd and an even edge, and the two half-pixel cases of RELION 5 and EMAN2 with them. */
const geometry = fc.record({
  voxelSize: fc.constantFrom(1, 2.176, 7.84, 10, 13.481),
  size: fc.record({
    x: fc.integer({ min: 100, max: 1024 }),
    y: fc.integer({ min: 100, max: 1024 }),
    z: fc.integer({ min: 50, max: 500 }),
  }),
});

/** An object without any symmetry: three marks on it, which a wrong sense or order of angles moves. */
const OBJECT: readonly Vector3[] = [
  { x: 1, y: 0.2, z: -0.3 },
  { x: 0, y: 1.5, z: 0.4 },
  { x: -0.6, y: 0.1, z: 2 },
];

describe.each(PARTICLE_FORMATS)("%s", (format) => {
  const { holds } = PARTICLE_CODECS[format];

  test("keeps positions, poses, classes and scores that it has room for", () => {
    fc.assert(
      fc.property(fc.array(particle, { minLength: 1, maxLength: 12 }), geometry, (items, { voxelSize, size }) => {
        const particles = items.map(
          (item): Particle => ({
            positionAngstrom: item.position,
            orientation: item.orientation,
            score: item.score,
            classNumber: holds.classes === "one" ? 1 : item.classNumber,
            className: `complex ${holds.classes === "one" ? 1 : item.classNumber}`,
            tomogramName: `TS_${holds.tomograms === "one" ? 1 : item.tomogram}`,
            extra: {},
          }),
        );
        const list = listOf(particles, voxelSize);
        const placement = {
          voxelSizeAngstrom: voxelSize,
          tomogramSizeAngstrom: { x: size.x * voxelSize, y: size.y * voxelSize, z: size.z * voxelSize },
        };
        const { content, lost } = writeParticleList(list, { format, ...placement });
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        const back = readParticleList(bytes, { format, ...placement });
        expect(back.origin).toBe("first-voxel");
        expect(back.particles).toHaveLength(particles.length);
        for (const before of matched(particles, back, format)) compare(before.one, before.other, format);
        const classes = new Set(particles.map(({ className }) => className));
        if (format === "imod-points") expect(back.particles[0].classNumber !== undefined).toBe(classes.size > 1);
        expect(lost.length > 0).toBe(
          !holds.orientation || !holds.score || !["name", "number", "one"].includes(holds.classes),
        );
      }),
      { seed: 11, numRuns: 20 },
    );
  });

  test("is recognised by what it writes", () => {
    const particles: Particle[] = [0, 1, 2].map((i) => ({
      positionAngstrom: { x: 10 * i + 3, y: 50, z: 70 },
      orientation: { w: 1, x: 0, y: 0, z: 0 },
      className: "ribosome",
      tomogramName: "TS_1",
      score: 0.5,
      extra: {},
    }));
    const { content } = writeParticleList(listOf(particles, 10), {
      format,
      tomogramSizeAngstrom: { x: 100, y: 200, z: 300 },
    });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const found = recogniseParticleFormat(bytes, NAMES[format]);
    const relion: readonly ParticleFormat[] = ["relion3.0", "relion3.1", "relion4", "relion5", "warp", "artiax"];
    expect(found).toBe(relion.includes(format) ? "relion5" : format);
  });

  test("says what it needs and lacks", () => {
    const nowhere = listOf([{ className: "a", extra: {} }], 10);
    const isStar = ["relion3.0", "relion3.1", "relion4", "relion5", "warp", "artiax"].includes(format);
    if (!isStar) expect(() => writeParticleList(nowhere, { format })).toThrow(ConfigError);
    const centred: ParticleList = {
      ...listOf([{ positionAngstrom: { x: 0, y: 0, z: 0 }, extra: {} }], 10),
      origin: "tomogram-centre",
    };
    if (format !== "relion5") expect(() => writeParticleList(centred, { format })).toThrow(/size|centre/);
    const two = listOf(
      ["TS_1", "TS_2"].map((tomogramName) => ({ positionAngstrom: { x: 1, y: 2, z: 3 }, tomogramName, extra: {} })),
      10,
    );
    if (holds.tomograms === "one") expect(() => writeParticleList(two, { format })).toThrow("is of one tomogram");
  });
});

/** Names that bare numbers need; everything else is told by content. */
const NAMES: Partial<Record<ParticleFormat, string>> = {
  "imod-points": "a.pts",
  coords: "a.coords",
};

function listOf(particles: Particle[], voxelSize: number): ParticleList {
  return {
    particles,
    origin: "first-voxel",
    voxelSizeAngstrom: undefined,
    coordinatePixelSizeAngstrom: voxelSize,
    warnings: [],
  };
}

/** Pairs before and after, in order; IMOD's model puts the points of a class together. */
function matched(particles: readonly Particle[], back: ParticleList, format: ParticleFormat) {
  const labels = [...new Set(particles.map(({ className }) => className))];
  const ordered =
    format === "imod" ? labels.flatMap((label) => particles.filter(({ className }) => className === label)) : particles;
  return ordered.map((one, index) => ({ one, other: back.particles[index] }));
}

function compare(one: Particle, other: Particle, format: ParticleFormat): void {
  const { holds } = PARTICLE_CODECS[format];
  for (const axis of ["x", "y", "z"] as const)
    expect(Math.abs(other.positionAngstrom![axis] - one.positionAngstrom![axis])).toBeLessThan(
      POSITION_TOLERANCE_ANGSTROM,
    );
  if (holds.orientation) {
    for (const mark of OBJECT) {
      const [a, b] = [rotateVector(one.orientation!, mark), rotateVector(other.orientation!, mark)];
      expect(Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z)).toBeLessThan(ROTATION_TOLERANCE);
    }
    expect(angleBetweenQuaternions(one.orientation!, other.orientation!)).toBeLessThan(0.01);
  }
  if (holds.score) expect(other.score).toBeCloseTo(one.score!, 5);
  if (holds.classes === "name" && format !== "shrec") expect(other.className).toBe(one.className);
  if (format === "shrec") expect(other.className).toBe(one.className!.replace(" ", "-"));
  // A point list of a single class states none.
  if (holds.classes === "number" && !(format === "imod-points" && other.classNumber === undefined))
    expect(other.classNumber).toBe(one.classNumber);
  if (format === "warp") expect(other.tomogramName).toBe(`${one.tomogramName}.tomostar`);
  else if (format === "artiax") expect(other.tomogramName).toBe(`tomo_000${one.tomogramName!.slice(3)}`);
  else if (holds.tomograms === "name") expect(other.tomogramName).toBe(one.tomogramName);
  else if (holds.tomograms === "number") expect(other.tomogramName).toBe(one.tomogramName!.slice(3));
}
