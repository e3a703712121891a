import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../../errors.js";
import {
  angleBetweenQuaternions,
  createRandom,
  type Quaternion,
  quaternionToMatrix,
  randomQuaternion,
} from "../../../volume/index.js";
import { quaternionFromRelionAngles, relionAnglesFromQuaternion } from "../model/euler.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { readParticles } from "./read.js";
import { readTomogramSizes } from "./tomogram-sizes.js";
import { writeParticles } from "./write.js";

const rotate = (q: Quaternion, v: readonly [number, number, number]) => {
  const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(q);
  return [a * v[0] + b * v[1] + c * v[2], d * v[0] + e * v[1] + f * v[2], g * v[0] + h * v[1] + i * v[2]];
};

describe("RELION angles", () => {
  test("turn an asymmetric object as RELION does", () => {
    // By hand: rot = 90 takes reference x to -y (axes turn, not the object); tilt = 90 takes z to -x; psi like rot.
    const at = (rotDegrees: number, tiltDegrees: number, psiDegrees: number) =>
      quaternionFromRelionAngles({ rotDegrees, tiltDegrees, psiDegrees });
    const near = (vector: number[], expected: number[]) =>
      vector.forEach((v, i) => {
        expect(v).toBeCloseTo(expected[i], 12);
      });
    near(rotate(at(90, 0, 0), [1, 0, 0]), [0, -1, 0]);
    near(rotate(at(0, 90, 0), [0, 0, 1]), [-1, 0, 0]);
    near(rotate(at(0, 0, 90), [1, 0, 0]), [0, -1, 0]);
    near(rotate(at(90, 90, 0), [0, 1, 0]), [0, 0, 1]);
  });

  test("give the matrix of Euler_angles2matrix", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: 0, max: 180 }),
        fc.integer({ min: -180, max: 180 }),
        (rot, tilt, psi) => {
          const [p, t, c] = [rot, tilt, psi].map((angle) => (angle * Math.PI) / 180) as [number, number, number];
          const [sp, cp, st, ct, sc, cc] = [
            Math.sin(p),
            Math.cos(p),
            Math.sin(t),
            Math.cos(t),
            Math.sin(c),
            Math.cos(c),
          ];
          const expected = [
            ...[cc * ct * cp - sc * sp, cc * ct * sp + sc * cp, -cc * st],
            ...[-sc * ct * cp - cc * sp, -sc * ct * sp + cc * cp, sc * st],
            ...[st * cp, st * sp, ct],
          ];
          const matrix = quaternionToMatrix(
            quaternionFromRelionAngles({ rotDegrees: rot, tiltDegrees: tilt, psiDegrees: psi }),
          );
          matrix.forEach((value, i) => {
            expect(value).toBeCloseTo(expected[i], 10);
          });
        },
      ),
      { seed: 5 },
    );
  });

  test("invert, at the poles too", () => {
    const random = createRandom("angles");
    const poles = [0, 180].flatMap((tiltDegrees) =>
      [-170, 0, 33, 180].map((psiDegrees) => quaternionFromRelionAngles({ rotDegrees: 20, tiltDegrees, psiDegrees })),
    );
    for (const q of [...poles, ...Array.from({ length: 200 }, () => randomQuaternion(random))])
      expect(angleBetweenQuaternions(q, quaternionFromRelionAngles(relionAnglesFromQuaternion(q)))).toBeLessThan(1e-5);
  });
});

const SIZES = new Map([["TS_1", { x: 1000, y: 802, z: 300 }]]);

const RELION5 = `data_general
_rlnTomoSubTomosAre2DStacks 1
data_optics
loop_
_rlnOpticsGroup
_rlnTomoTiltSeriesPixelSize
_rlnImagePixelSize
1 2.0 4.0
data_particles
loop_
_rlnTomoName
_rlnCenteredCoordinateXAngst
_rlnCenteredCoordinateYAngst
_rlnCenteredCoordinateZAngst
_rlnOriginXAngst
_rlnOriginYAngst
_rlnOriginZAngst
_rlnAngleRot
_rlnAngleTilt
_rlnAnglePsi
_rlnTomoSubtomogramRot
_rlnTomoSubtomogramTilt
_rlnTomoSubtomogramPsi
_rlnOpticsGroup
_rlnClassNumber
_rlnImageName
_rlnTomoVisibleFrames
TS_1 100 -50 20 3 0 0 0 0 0 0 0 0 1 2 a.mrcs [1,0,1]
TS_1 100 -50 20 3 0 1 10 20 30 90 0 0 1 2 b.mrcs [1,1,1]
`;

describe("reading", () => {
  test("RELION 5: centred, origins turned by the subtomogram's orientation and subtracted", () => {
    const list = readParticles(RELION5);
    expect(list).toMatchObject({ origin: "tomogram-centre", voxelSizeAngstrom: 4, coordinatePixelSizeAngstrom: 2 });
    expect(list.particles[0]).toMatchObject({
      positionAngstrom: { x: 97, y: -50, z: 20 },
      classNumber: 2,
      tomogramName: "TS_1",
      imageName: "a.mrcs",
      imageVoxelSizeAngstrom: 4,
      extra: { rlnTomoVisibleFrames: "[1,0,1]" },
    });
    // R(90, 0, 0) takes the origin (3, 0, 1) to (0, -3, 1).
    const { x, y, z } = list.particles[1].positionAngstrom!;
    expect([x, y, z].map((v) => Number(v.toFixed(9)))).toEqual([100, -47, 19]);
    const whole = list.particles[1].orientation!;
    const inner = quaternionFromRelionAngles({ rotDegrees: 10, tiltDegrees: 20, psiDegrees: 30 });
    const [vx, vy, vz] = rotate(inner, [1, 2, 3]) as [number, number, number];
    rotate(whole, [1, 2, 3]).forEach((value, i) => {
      expect(value).toBeCloseTo([vy, -vx, vz][i], 9);
    });
  });

  test("RELION 5 with tomogram sizes: from the first voxel", () => {
    const list = readParticles(RELION5, { tomogramSizesAngstrom: SIZES });
    expect(list.origin).toBe("first-voxel");
    expect(list.particles[0].positionAngstrom).toEqual({ x: 597, y: 351, z: 170 });
    expect(() => readParticles(RELION5, { tomogramSizesAngstrom: new Map() })).toThrow(/size of tomogram "TS_1"/);
  });

  test("RELION 3.1 and 3.0: pixels, from the column the pixel size is in", () => {
    const body = "loop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnMicrographName\n";
    const list = (columns: string, row: string) =>
      readParticles(`data_\n${body}${columns}\n10 20 30 t1.tomostar ${row}\n`);
    expect(
      list("_rlnPixelSize\n_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnOriginZAngst", "2.5 1 2 3").particles[0],
    ).toMatchObject({
      positionAngstrom: { x: 24, y: 48, z: 72 },
      tomogramName: "t1.tomostar",
    });
    expect(
      list("_rlnMagnification\n_rlnDetectorPixelSize\n_rlnOriginX\n_rlnOriginY\n_rlnOriginZ", "10000 4 1 0 -1")
        .particles[0].positionAngstrom,
    ).toEqual({ x: 36, y: 80, z: 124 });
    expect(() => list("", "")).toThrow(ConfigError);
  });

  test("images and classes without coordinates are a list, too", () => {
    const { particles } = readParticles("data_particles\nloop_\n_rlnImageName\n_cosnetClassName\na.mrc ribosome\n");
    expect(particles).toEqual([{ imageName: "a.mrc", className: "ribosome", extra: {} }]);
  });

  test.each([
    ["no particles", "data_optics\n_rlnVoltage 300\n", FormatError, /no particle table/],
    [
      "text for a number",
      RELION5.replace("100 -50 20 3 0 1", "100 x 20 3 0 1"),
      FormatError,
      /"x" in row 2 of column _rlnCenteredCoordinateYAngst/,
    ],
    ["an unknown optics group", RELION5.replace("90 0 0 1 2", "90 0 0 7 2"), FormatError, /optics group 7 of row 2/],
  ])("refuses %s", (_, text, type, message) => {
    expect(() => readParticles(text)).toThrow(type);
    expect(() => readParticles(text)).toThrow(message);
  });
});

describe("round trip", () => {
  const random = createRandom("particles");
  const particles = Array.from(
    { length: 20 },
    (_, i): Particle => ({
      positionAngstrom: { x: random.uniform(0, 1000), y: random.uniform(0, 800), z: random.uniform(0, 300) },
      orientation: randomQuaternion(random),
      classNumber: i % 3,
      className: i % 2 ? "70S ribosome" : "apoferritin",
      tomogramName: "TS_1",
      imageName: `boxes/${i}.mrc`,
      opticsGroup: "1",
      imageVoxelSizeAngstrom: 10,
      extra: { rlnRandomSubset: String(1 + (i % 2)), myUnknownColumn: `value ${i}` },
    }),
  );
  const list: ParticleList = {
    particles,
    origin: "first-voxel",
    voxelSizeAngstrom: 10,
    coordinatePixelSizeAngstrom: 2.5,
    warnings: [],
  };

  test.each([["relion3.1"], ["relion5"]] as const)(
    "%s keeps positions, orientations, names and unknown columns",
    (format) => {
      const text = writeParticles(list, { format, tomogramSizesAngstrom: SIZES, comments: ["cosnet, seed 7"] });
      expect(text).toContain("# cosnet, seed 7");
      const back = readParticles(text, { tomogramSizesAngstrom: SIZES });
      expect(back).toMatchObject({
        origin: "first-voxel",
        voxelSizeAngstrom: 10,
        coordinatePixelSizeAngstrom: 2.5,
        warnings: [],
      });
      for (const [i, particle] of back.particles.entries()) {
        const { positionAngstrom, orientation, ...rest } = particle;
        const { positionAngstrom: position, orientation: turned, ...others } = particles[i];
        expect(rest).toEqual(others);
        for (const axis of ["x", "y", "z"] as const) expect(positionAngstrom![axis]).toBeCloseTo(position![axis], 4);
        expect(angleBetweenQuaternions(orientation!, turned!)).toBeLessThan(1e-4);
      }
    },
  );

  test.each(["relion3.0", "relion3.1", "relion4", "relion5", "warp", "artiax"] as const)(
    "%s: an empty list has labels and no rows, and is read again",
    (format) => {
      const empty = { ...list, particles: [], coordinatePixelSizeAngstrom: undefined, voxelSizeAngstrom: undefined };
      const text = writeParticles(empty, { format });
      expect(text).toMatch(/^_rln(Centered)?CoordinateX/m);
      expect(readParticles(text)).toMatchObject({ particles: [] });
    },
  );

  test("a list too long to be spread is written and read, and equal names are one string", () => {
    const length = 150_000;
    const many = { ...list, particles: Array.from({ length }, (_, i) => particles[i % particles.length]) };
    const back = readParticles(writeParticles(many, { format: "relion3.1" }));
    expect(back.particles).toHaveLength(length);
    expect(back.particles.at(-1)!.className).toBe(particles[(length - 1) % particles.length].className);
  });

  test("a score that is not a number is none, and a position is never", () => {
    const read = (x: string, score: string) =>
      readParticles(
        `data_particles\nloop_\n_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst\n_rlnCenteredCoordinateZAngst\n_rlnAutopickFigureOfMerit\n${x} 2 3 ${score}\n`,
      ).particles[0];
    for (const score of ["nan", "inf", "1e999", "0x10", "<NA>"]) expect(read("1", score).score).toBeUndefined();
    for (const x of ["nan", "inf", "-inf", "1e999", "0x10", '""'])
      expect(() => read(x, "1")).toThrow(/line 7: .* in row 1 of column _rlnCenteredCoordinateXAngst is not a number/);
  });

  test("says what it lacks", () => {
    expect(() => writeParticles(list, { format: "relion5" })).toThrow(/size of tomogram "TS_1" is not known/);
    const { coordinatePixelSizeAngstrom: _, voxelSizeAngstrom: __, ...rest } = list;
    const unknown = { ...rest, coordinatePixelSizeAngstrom: undefined, voxelSizeAngstrom: undefined };
    expect(() => writeParticles(unknown, { format: "relion3.1" })).toThrow(/pixel size is not known/);
  });
});

const DATA = join(import.meta.dirname, "../../../../../shared/data/real");

describe.skipIf(!existsSync(DATA))("real lists (skipped when ../shared/data is absent)", () => {
  const text = (file: string) => readFileSync(join(DATA, file), "latin1");

  test("RELION 5 tutorial particles lie inside their tomograms and convert to 3.1 and back", () => {
    const tomogramSizesAngstrom = readTomogramSizes(text("cryoCAT_relion5_tutorial_tomograms.star"));
    expect(tomogramSizesAngstrom.get("TS_01")).toEqual({ x: 5400, y: 5400, z: 2700 });
    const list = readParticles(text("cryoCAT_relion5_tutorial_run_data.star"), { tomogramSizesAngstrom });
    expect(list.particles).toHaveLength(9053);
    expect(list).toMatchObject({ voxelSizeAngstrom: 1.35, coordinatePixelSizeAngstrom: 1.35 });
    const outside = list.particles.filter(({ positionAngstrom, tomogramName }) => {
      const size = tomogramSizesAngstrom.get(tomogramName!)!;
      return (["x", "y", "z"] as const).some(
        (axis) => !(positionAngstrom![axis] > 0 && positionAngstrom![axis] < size[axis]),
      );
    });
    expect(outside).toEqual([]);
    const old = writeParticles(list, { format: "relion3.1" });
    const again = readParticles(writeParticles(readParticles(old), { format: "relion5", tomogramSizesAngstrom }), {
      tomogramSizesAngstrom,
    });
    const [before, after] = [list.particles[77], again.particles[77]];
    expect(angleBetweenQuaternions(before.orientation!, after.orientation!)).toBeLessThan(1e-4);
    expect(after.positionAngstrom!.x).toBeCloseTo(before.positionAngstrom!.x, 4);
    expect(after.extra).toEqual(before.extra);
  });

  test("Warp and template-matching lists", () => {
    const picks = readParticles(text("cryoCAT_lamella_TM_bin6.star"));
    expect(picks.voxelSizeAngstrom).toBe(7.338);
    const tilts = readParticles(text("cryodrgn_insitu_ribosome_tilts_64.star"));
    expect(tilts.voxelSizeAngstrom).toBeCloseTo(1.96, 9);
    expect(tilts.particles[0].positionAngstrom).toBeUndefined();
    expect(tilts.particles[0].extra).toMatchObject({ rlnCoordinateX: "1722.25400", rlnCtfScalefactor: "1.0000" });
  });
});
