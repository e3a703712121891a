/** What cosnet writes and computes beside the programs of an installed RELION (Debian's is 3.1.3). */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tomogramTransfer } from "../src/infer/index.js";
import { type Particle, type ParticleList, readMrc, readParticles, writeParticles } from "../src/io/index.js";
import {
  angleBetweenQuaternions,
  createRandom,
  forEachFrequency,
  multiplyQuaternions,
  type Quaternion,
  quaternionFromAxisAngle,
  quaternionToMatrix,
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

  test("has the contrast transfer of a tilt series in three dimensions as it is here, and from the same side", () => {
    const [edge, voxelSizeAngstrom] = [32, 8];
    const tilts = Array.from({ length: 41 }, (_, i) => ({ degrees: -60 + 3 * i, defocus: 22000 + 300 * i }));
    const optics =
      "data_optics\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n_rlnImageSize\n_rlnImageDimensionality\n1 o 300 2.7 0.07 8 32 2\n";
    const columns =
      "data_particles\nloop_\n_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnImageName\n_rlnOpticsGroup\n_rlnMicrographName\n";
    const rows = tilts.map(
      ({ degrees, defocus }, i) => `${defocus} ${defocus - 1500} 35 0 ${degrees} 0 ${i + 1}@x.mrcs 1 ${i}.mrc\n`,
    );
    writeFileSync(join(folder, "tilts.star"), `${optics}\n${columns}${rows.join("")}`);
    relion("relion_reconstruct", "--i", "tilts.star", "--o", "ctf.mrc", "--reconstruct_ctf", "32", "--angpix", "8");
    const { volume } = readMrc(readFileSync(join(folder, "ctf.mrc")));
    const images = tilts.map(({ degrees, defocus }) => ({
      rotation: quaternionToMatrix(quaternionFromAxisAngle({ x: 0, y: 1, z: 0 }, -degrees)),
      transfer: {
        ...{ kilovolt: 300, sphericalAberrationMillimetre: 2.7, amplitudeContrast: 0.07 },
        ...{ defocusUAngstrom: defocus, defocusVAngstrom: defocus - 1500, defocusAngleDegrees: 35 },
      },
    }));
    const transfer = tomogramTransfer(edge, voxelSizeAngstrom, images);
    const middle = (k: number) => (k + edge / 2) % edge;
    let [product, ours, theirs] = [0, 0, 0];
    forEachFrequency(edge, (at, { x, y, z }, radius) => {
      const value = volume.data[(middle(z) * edge + middle(y)) * edge + middle(x)]!;
      if (radius > 13 || transfer[at] === 0 || value === 0) return;
      product += transfer[at]! * value;
      ours += transfer[at]! ** 2;
      theirs += value ** 2;
    });
    expect(product / Math.sqrt(ours * theirs)).toBeGreaterThan(0.999);
    expect(product / theirs).toBeCloseTo(1, 1);
  });
});
