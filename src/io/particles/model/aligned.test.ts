import { expect, test } from "vitest";
import { createRandom, type Pose, quaternionFromAxisAngle, randomQuaternion } from "../../../volume/index.js";
import { readParticleList } from "../read.js";
import { readParticles } from "../star/read.js";
import { writeParticles } from "../star/write.js";
import { writeParticleList } from "../write.js";
import { alignedParticle } from "./aligned.js";
import type { Particle, ParticleList } from "./particle-list.js";

const pose: Pose = {
  rotation: quaternionFromAxisAngle({ x: 0, y: 0, z: 1 }, 30),
  shiftVoxels: { x: 1, y: -2, z: 0.5 },
};

test("a particle cut out of its tomogram moves to where the reference's centre came to", () => {
  const particle: Particle = {
    positionAngstrom: { x: 101, y: 200, z: 50 },
    tomogramName: "TS_1",
    extra: { kept: "1" },
  };
  const aligned = alignedParticle(particle, pose, { voxelSizeAngstrom: 10, centreAngstrom: { x: 100, y: 200, z: 50 } });
  expect(aligned).toEqual({ ...particle, positionAngstrom: { x: 110, y: 180, z: 55 }, orientation: pose.rotation });
});

test("a particle's own image stays, and the origin says where the particle is in it", () => {
  const particle: Particle = {
    positionAngstrom: { x: 90, y: 200, z: 50 },
    imageOriginAngstrom: { x: 10, y: 0, z: 0 },
    ...{ imageName: "1.mrcs", tomogramName: "TS_1", opticsGroup: "1", extra: {} },
  };
  const aligned = alignedParticle(particle, pose, { voxelSizeAngstrom: 10, centreAngstrom: { x: 100, y: 200, z: 50 } });
  expect(aligned).toMatchObject({
    positionAngstrom: { x: 110, y: 180, z: 55 },
    imageOriginAngstrom: { x: -10, y: 20, z: -5 },
  });
  const alone = alignedParticle({ imageName: "1.mrc", extra: {} }, pose, {
    voxelSizeAngstrom: 10,
    centreAngstrom: undefined,
  });
  expect(alone).toMatchObject({ imageOriginAngstrom: { x: -10, y: 20, z: -5 } });
  expect(alone.positionAngstrom).toBeUndefined();
});

test.each(["relion3.0", "relion3.1", "relion4", "relion5", "warp", "pytom"] as const)(
  "%s keeps where images are and where particles are in them",
  (format) => {
    const random = createRandom("aligned");
    const particles = Array.from({ length: 5 }, (_, i): Particle => {
      const vector = () => ({ x: random.uniform(20, 80), y: random.uniform(20, 80), z: random.uniform(20, 80) });
      return {
        ...{ positionAngstrom: vector(), imageOriginAngstrom: vector(), orientation: randomQuaternion(random) },
        ...{ tomogramName: "TS_1", imageName: `${i}.mrc`, extra: {} },
      };
    });
    const origin = "first-voxel";
    const list: ParticleList = {
      particles,
      origin,
      voxelSizeAngstrom: 4,
      coordinatePixelSizeAngstrom: 2,
      warnings: [],
    };
    const placed = { tomogramSizesAngstrom: new Map([["TS_1", { x: 100, y: 100, z: 100 }]]) };
    const content = writeParticleList(list, { format, ...placed, tomogramVoxelSizeAngstrom: 2 }).content as string;
    const back = readParticleList(new TextEncoder().encode(content), { ...placed, tomogramVoxelSizeAngstrom: 2 });
    for (const [i, { positionAngstrom, imageOriginAngstrom }] of back.particles.entries())
      for (const axis of ["x", "y", "z"] as const) {
        expect(positionAngstrom![axis]).toBeCloseTo(particles[i].positionAngstrom![axis], 4);
        expect(imageOriginAngstrom![axis]).toBeCloseTo(particles[i].imageOriginAngstrom![axis], 4);
      }
  },
);

test("images without coordinates keep their origins, too", () => {
  const text =
    "data_particles\nloop_\n_rlnImageName\n_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnOriginZAngst\na.mrc 1 2 3\n";
  const list = readParticles(text);
  expect(list.particles).toEqual([{ imageName: "a.mrc", imageOriginAngstrom: { x: 1, y: 2, z: 3 }, extra: {} }]);
  expect(readParticles(writeParticles(list, { format: "relion5" })).particles[0]).toMatchObject(list.particles[0]);
});
