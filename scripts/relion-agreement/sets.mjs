// Particles with known poses, in two halves: simulated ones, and real ribosomes where the development data are at hand.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFft3, createRandom, createRenderer, proceduralComplex, readMrc } from "../../dist/index.js";
import { quaternionFromRelionAngles } from "../../dist/io/particles/model/euler.js";
import { wedgeMask } from "../../dist/volume/index.js";

const STILL = { x: 0, y: 0, z: 0 };
/**
 * Real ribosomes hold next to nothing at some frequencies. RELION's gridding iterations make noise of those, so frequencies of less
 * weight than this (their mean is about 1) are left out for both programs.
 */
const LEAST_WEIGHT = 0.05;

/** `count` particles of a made-up complex at SNR 0.5, tilted to 60 degrees, shifted by up to 2 voxels. */
export function simulatedSet(count) {
  const [edge, voxelSizeAngstrom] = [48, 10];
  const random = createRandom("relion agreement");
  const complex = proceduralComplex(random.fork("complex"), {});
  const renderer = createRenderer({
    boxSize: edge,
    voxelSizeAngstrom,
    contrastTransfer: false,
    shiftVoxels: 2,
    tiltDegrees: 60,
  });
  const weight = Float32Array.from(wedgeMask([edge, edge, edge], 60));
  const particles = Array.from({ length: count }, (_, i) => {
    const { volume, orientation, shiftVoxels } = renderer.render(complex, {
      random: random.fork("particle", i),
      snr: 0.5,
    });
    return { box: volume, weight, pose: { rotation: orientation, shiftVoxels } };
  });
  return { name: `${count} simulated particles, SNR 0.5`, edge, voxelSizeAngstrom, maskRadius: 12, particles };
}

/** The 20 ribosomes with their weights, sampling times CTF^2; undefined where they are not. */
export function ribosomeSet(dataFolder) {
  const folder = join(dataFolder, "real", "ribosomes_10499");
  if (!existsSync(folder)) return undefined;
  const [edge, voxelSizeAngstrom] = [32, 12];
  const read = (name) => readMrc(new Uint8Array(readFileSync(join(folder, name)))).volume.data;
  const particles = JSON.parse(readFileSync(join(folder, "poses.json"), "utf8")).map(({ file, rot, tilt, psi }) => ({
    box: read(file),
    weight: halfOf(read(file.replace(".mrc", "_weight.mrc")), edge).map((w) => (w < LEAST_WEIGHT ? 0 : w)),
    pose: {
      rotation: quaternionFromRelionAngles({ rotDegrees: rot, tiltDegrees: tilt, psiDegrees: psi }),
      shiftVoxels: STILL,
    },
  }));
  return {
    name: `${particles.length} real ribosomes (EMPIAR-10499)`,
    edge,
    voxelSizeAngstrom,
    maskRadius: 12,
    particles,
  };
}

/** Weights of a cube whose centre is zero frequency, as half a spectrum whose corner is. */
function halfOf(centred, edge) {
  const halfWidth = edge / 2 + 1;
  const half = new Float32Array(edge * edge * halfWidth);
  const place = (k) => (k + edge / 2) % edge;
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < halfWidth; x++, at++) half[at] = centred[(place(z) * edge + place(y)) * edge + place(x)];
  return half;
}

/** The other way. */
export function centredOf(half, edge) {
  const halfWidth = edge / 2 + 1;
  return Float32Array.from({ length: edge ** 3 }, (_, at) => {
    let [x, y, z] = [
      (at % edge) - edge / 2,
      (Math.floor(at / edge) % edge) - edge / 2,
      Math.floor(at / edge ** 2) - edge / 2,
    ];
    if (x < 0) [x, y, z] = [-x, -y, -z];
    return half[(((z + edge) % edge) * edge + ((y + edge) % edge)) * halfWidth + x];
  });
}

/** A box divided by the roots of its weights: RELION multiplies it by its CTF, the roots, again. */
export function withoutWeight(box, weight, edge) {
  const fft = createFft3([edge, edge, edge]);
  const spectrum = fft.createSpectrum();
  fft.forward(box, spectrum);
  for (const [k, w] of weight.entries())
    for (const part of [0, 1]) spectrum[2 * k + part] *= w === 0 ? 0 : 1 / Math.sqrt(w);
  const divided = new Float32Array(box.length);
  fft.inverse(spectrum, divided);
  return divided;
}
