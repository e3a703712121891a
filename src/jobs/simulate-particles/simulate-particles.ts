import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { SNR_DEFINITION } from "../../evaluate/index.js";
import { type ComplexSource, checkComplexSource, complexesFrom } from "../../files/complexes/index.js";
import { type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { type Particle, starLoop, writeMrc, writeParticles } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import {
  type Complex,
  createRenderer,
  type ImagingOptions,
  type RenderedParticle,
  type Renderer,
} from "../../simulate/index.js";
import { createRandom, createVolume } from "../../volume/index.js";

export interface SimulateParticlesOptions extends Progress {
  readonly source: ComplexSource;
  readonly particlesPerClass: number;
  /** Signal-to-noise ratio, Infinity for none; see `RenderRequest.snr`. */
  readonly snr: number;
  readonly seed: string | number;
  readonly outputFolder: string;
  /** Let complexes of the set intrude into each other's boxes; default true. */
  readonly crowded?: boolean;
  readonly imaging?: Partial<ImagingOptions>;
  /** Images multiplied by their contrast transfer once more, as RELION 5 and Warp write particles; default false. */
  readonly ctfPremultiplied?: boolean;
  /** Replace an earlier result in the same folder; default false. */
  readonly overwrite?: boolean;
  /** What made the files, such as "cosnet 0.1.0"; noted in each list. */
  readonly madeBy?: string;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What `simulateParticles` wrote. */
export interface SimulatedParticles {
  readonly starFile: string;
  readonly parametersFile: string;
  readonly classNames: readonly string[];
  readonly particleCount: number;
}

/**
 * Draws labelled subtomograms and writes them: `particles/NAME.mrc`, `masks/NAME.mrc` (8-bit, 1 inside), `particles.star`
 * (RELION 5 columns; each box is its own tomogram and the origin is minus the particle's shift from its middle)
 * and `particles.json` with every parameter. The same options give the same bytes. The files appear when all are done; when
 * the job fails or is aborted, none does, and an earlier result stays as it was.
 * @throws ConfigError when nothing is to be drawn or a result is there already, FileError, FormatError, AbortError.
 */
export async function simulateParticles(options: SimulateParticlesOptions): Promise<SimulatedParticles> {
  checkNumbers(options);
  const { outputFolder, overwrite } = options;
  return withStagedFiles(outputFolder, { lastFile: "particles.star", overwrite }, (files) =>
    drawParticles(options, files),
  );
}

async function drawParticles(options: SimulateParticlesOptions, files: StagedFiles): Promise<SimulatedParticles> {
  const { outputFolder, particlesPerClass, snr, seed, crowded = true, ctfPremultiplied = false } = options;
  const renderer = createRenderer(options.imaging);
  const starFile = join(outputFolder, "particles.star");
  const complexes = await complexesFrom(options.source, options);
  const rows: Particle[] = [];
  const total = complexes.length * particlesPerClass;
  for (const [classIndex, complex] of complexes.entries())
    for (let i = 0; i < particlesPerClass; i++) {
      options.onProgress?.({ stage: "rendering particles", done: rows.length, total, note: complex.name });
      await breathe(options.signal);
      const random = createRandom(seed).fork("particle", complex.name, i);
      const particle = renderer.render(complex, {
        ...{ random, snr, neighbours: crowded ? complexes : [] },
        conditions: { ctfPremultiplied },
      });
      const name = `${complex.name}_${String(i + 1).padStart(4, "0")}`;
      for (const [file, bytes] of particleFiles(renderer, particle, name)) await files.write(file, bytes);
      rows.push(particleRow(renderer, particle, { name, complex, classNumber: classIndex + 1 }));
    }
  const parameters = sidecar(renderer, complexes, { ...options, crowded, ctfPremultiplied });
  await files.write("particles.json", `${JSON.stringify(parameters, null, 2)}\n`);
  await files.write("particles.star", particleList(renderer, rows, options));
  await breathe(options.signal);
  options.onProgress?.({ stage: "rendering particles", done: total, total });
  return {
    starFile,
    parametersFile: join(outputFolder, "particles.json"),
    classNames: complexes.map(({ name }) => name),
    particleCount: total,
  };
}

function checkNumbers({ particlesPerClass, snr, source }: SimulateParticlesOptions): void {
  if (!Number.isInteger(particlesPerClass) || particlesPerClass < 1)
    throw new ConfigError(`cannot draw ${particlesPerClass} particles a class`, {
      hint: "Give a whole number from 1.",
    });
  if (!(snr > 0))
    throw new ConfigError(`a signal-to-noise ratio of ${snr} is impossible`, { hint: "Give more than 0." });
  checkComplexSource(source);
}

function particleFiles(renderer: Renderer, { volume, mask }: RenderedParticle, name: string): [string, Uint8Array][] {
  const { boxSize: n, voxelSizeAngstrom } = renderer.options;
  const maskVolume = createVolume([n, n, n], voxelSizeAngstrom, Float32Array.from(mask));
  return [
    [`particles/${name}.mrc`, writeMrc(createVolume([n, n, n], voxelSizeAngstrom, volume))],
    [`masks/${name}.mrc`, writeMrc(maskVolume, { mode: 0 })],
  ];
}

function particleRow(
  { options }: Renderer,
  particle: RenderedParticle,
  { name, complex, classNumber }: { name: string; complex: Complex; classNumber: number },
): Particle {
  const { x, y, z } = particle.shiftVoxels;
  const voxel = options.voxelSizeAngstrom;
  return {
    positionAngstrom: { x: x * voxel, y: y * voxel, z: z * voxel },
    imageOriginAngstrom: { x: -x * voxel, y: -y * voxel, z: -z * voxel },
    orientation: particle.orientation,
    classNumber,
    className: complex.name,
    tomogramName: name,
    imageName: `particles/${name}.mrc`,
    extra: {
      cosnetMaskName: `masks/${name}.mrc`,
      cosnetSignalToNoise: String(particle.snr),
      ...(options.contrastTransfer && defocusColumns(1e4 * particle.conditions.defocusMicrometre)),
      cosnetDefocusMicrometre: particle.conditions.defocusMicrometre.toFixed(4),
      cosnetTiltDegrees: String(particle.conditions.tiltDegrees),
      cosnetNeighbourCount: String(particle.neighbourCount),
    },
  };
}

/** As RELION has it. */
function defocusColumns(defocusAngstrom: number): Record<string, string> {
  const text = defocusAngstrom.toFixed(1);
  return { rlnDefocusU: text, rlnDefocusV: text, rlnDefocusAngle: "0" };
}

function particleList(
  { options: imaging }: Renderer,
  particles: readonly Particle[],
  { madeBy = "cosnet", seed, snr }: SimulateParticlesOptions,
): string {
  return writeParticles(
    {
      particles,
      origin: "tomogram-centre",
      voxelSizeAngstrom: imaging.voxelSizeAngstrom,
      coordinatePixelSizeAngstrom: imaging.voxelSizeAngstrom,
      optics: starLoop([
        ["rlnOpticsGroup", ["1"]],
        ["rlnOpticsGroupName", ["simulated"]],
        ["rlnVoltage", [String(imaging.kilovolt)]],
        ["rlnSphericalAberration", [String(imaging.sphericalAberrationMillimetre)]],
        ["rlnAmplitudeContrast", [String(imaging.amplitudeContrast)]],
        ["rlnImagePixelSize", [String(imaging.voxelSizeAngstrom)]],
        ["rlnImageSize", [String(imaging.boxSize)]],
        ["rlnImageDimensionality", ["3"]],
      ]),
      warnings: [],
    },
    {
      format: "relion5",
      comments: [
        `Simulated by ${madeBy}: seed ${seed}, signal-to-noise ratio ${snr} (${SNR_DEFINITION}).`,
        "Density is positive. Every box is its own tomogram. All parameters are in particles.json.",
      ],
    },
  );
}

function sidecar(
  { options: imaging }: Renderer,
  complexes: readonly Complex[],
  { madeBy = "cosnet", seed, snr, particlesPerClass, crowded, ctfPremultiplied, source }: SimulateParticlesOptions,
): unknown {
  return {
    madeBy,
    seed,
    snr: Number.isFinite(snr) ? snr : "infinity",
    snrDefinition: SNR_DEFINITION,
    particlesPerClass,
    crowded,
    ctfPremultiplied,
    source: "structures" in source ? "structures" : "procedural" in source ? "procedural" : "given",
    imaging,
    classes: complexes.map(({ name, massKilodalton, radiusAngstrom, source }, i) => ({
      classNumber: i + 1,
      name,
      massKilodalton: Number(massKilodalton.toFixed(1)),
      radiusAngstrom: Number(radiusAngstrom.toFixed(1)),
      source,
    })),
  };
}
