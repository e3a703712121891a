/** Lists that cosnet writes, through the programs of an installed RELION (Debian's is 3.1.3) and back. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Particle, type ParticleList, readParticles, writeParticles } from "../src/io/index.js";
import {
  angleBetweenQuaternions,
  createRandom,
  multiplyQuaternions,
  type Quaternion,
  quaternionFromAxisAngle,
  randomQuaternion,
} from "../src/volume/index.js";

const FOLDERS = (process.env.PATH ?? "").split(delimiter);
const hasRelion = FOLDERS.some((folder) => existsSync(join(folder, "relion_star_handler")));
/** RELION writes five decimals or more of a degree. */
const CLOSE_DEGREES = 1e-3;
/** And six of an Å or pixel. */
const CLOSE_ANGSTROM = 1e-3;
const AXES = ["x", "y", "z"] as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cosnet-relion-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function relion(program: string, ...options: string[]): void {
  execFileSync(program, options, { cwd: folder, stdio: "pipe" });
}

const sizes = { tomogramSizesAngstrom: new Map(["TS_1", "TS_2"].map((name) => [name, { x: 1000, y: 801, z: 300 }])) };

function poses(): ParticleList {
  const random = createRandom("relion");
  const poles = [0, 180].map((degrees) => quaternionFromAxisAngle({ x: 0, y: 1, z: 0 }, degrees));
  const particles = Array.from({ length: 60 }, (_, i): Particle => {
    const vector = (size: number) => ({
      x: random.uniform(-1, size),
      y: random.uniform(-1, size),
      z: random.uniform(-1, size),
    });
    return {
      ...{
        positionAngstrom: vector(300),
        imageOriginAngstrom: vector(9),
        orientation: poles[i] ?? randomQuaternion(random),
      },
      ...{
        tomogramName: `TS_${1 + (i % 2)}`,
        imageName: `boxes/${i}.mrc`,
        imageVoxelSizeAngstrom: 10,
        opticsGroup: "1",
      },
      ...{ classNumber: 1, extra: { rlnRandomSubset: String(1 + (i % 2)), rlnTomoVisibleFrames: "[1,0,1]" } },
    };
  });
  const voxels = { voxelSizeAngstrom: 10, coordinatePixelSizeAngstrom: 2.5 };
  return { particles, origin: "first-voxel", ...voxels, warnings: [] };
}

function expectSame(particle: Particle, expected: Particle): void {
  const { positionAngstrom, imageOriginAngstrom, orientation, extra, imageName, tomogramName } = particle;
  expect(angleBetweenQuaternions(orientation!, expected.orientation!)).toBeLessThan(CLOSE_DEGREES);
  for (const axis of AXES) {
    expect(Math.abs(positionAngstrom![axis] - expected.positionAngstrom![axis])).toBeLessThan(CLOSE_ANGSTROM);
    expect(Math.abs(imageOriginAngstrom![axis] - expected.imageOriginAngstrom![axis])).toBeLessThan(CLOSE_ANGSTROM);
  }
  expect({ imageName, tomogramName, extra }).toMatchObject({
    ...{ imageName: expected.imageName, tomogramName: expected.tomogramName, extra: expected.extra },
  });
}

describe.skipIf(!hasRelion)("RELION", () => {
  test.each(["relion3.1", "relion4", "relion5"] as const)(
    "reads and writes a %s list: the same particles",
    (format) => {
      const list = poses();
      writeFileSync(join(folder, "in.star"), writeParticles(list, { format, ...sizes }));
      relion("relion_star_handler", "--i", "in.star", "--o", "out.star", "--remove_column", "rlnClassNumber");
      const back = readParticles(readFileSync(join(folder, "out.star"), "utf8"), sizes);
      expect(back.particles).toHaveLength(list.particles.length);
      for (const [index, particle] of back.particles.entries()) expectSame(particle, list.particles[index]!);
    },
  );

  test("writes the poses of a symmetric particle: each of ours, and ours after the symmetry's rotation of the reference", () => {
    const list = poses();
    writeFileSync(join(folder, "in.star"), writeParticles(list, { format: "relion3.1" }));
    relion("relion_particle_symmetry_expand", "--i", "in.star", "--o", "expanded.star", "--sym", "C3");
    const back = readParticles(readFileSync(join(folder, "expanded.star"), "utf8"));
    expect(back.particles).toHaveLength(3 * list.particles.length);
    const turns = [0, 120, 240].map((degrees) => quaternionFromAxisAngle({ x: 0, y: 0, z: 1 }, degrees));
    for (const { imageName, orientation } of list.particles) {
      const written = back.particles.filter((particle) => particle.imageName === imageName);
      for (const turn of turns) {
        const wanted = multiplyQuaternions(orientation!, turn);
        const nearest = Math.min(
          ...written.map((particle) => angleBetweenQuaternions(particle.orientation as Quaternion, wanted)),
        );
        expect(nearest).toBeLessThan(CLOSE_DEGREES);
      }
    }
  });
});
