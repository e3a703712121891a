/** From a particle list to what alignment and averaging take, whatever the particles' images are. */
import { ConfigError, FormatError } from "../../../errors.js";
import {
  type BoxContrast,
  contrastOfBox,
  createSubtomogramMaker,
  normaliseSubtomogram,
  resampleWeight,
  type Subtomogram,
  subtomogramOfTilts,
  withWeight,
} from "../../../infer/index.js";
import type { Particle, ParticleList } from "../../../io/index.js";
import { breathe } from "../../../progress.js";
import { normaliseInPlace, rescaleFourier, type Vector3, type Volume } from "../../../volume/index.js";
import { createCutter } from "../box-cutter.js";
import { checkList, otherTomogram, readList } from "../box-list.js";
import { openOwnBoxes } from "../own-box.js";
import { isTiltStack } from "../tilt-stacks.js";
import { createWarningCounter } from "../warning-counter.js";
import { rescaleTilts } from "./rescale-tilts.js";
import type { OpenSubtomogramsOptions, ParticleSubtomogram, SubtomogramReader } from "./subtomogram-options.js";
import { readWeightFile } from "./weight-file.js";
import { type TomogramWeight, tomogramWeight } from "./weights.js";

/** How many boxes of a tomogram its wedge is measured in. */
const MEASURED_BOXES = 24;

/** A particle's box, of the edge and voxel size that were asked for. */
interface PlacedBox {
  readonly box: Volume;
  readonly centreAngstrom: Vector3 | undefined;
}

/**
 * Opens a list of particles for alignment and averaging: each is read when it is asked for, with its Fourier weight. A particle
 * is its own stack of tilt images (RELION 5, WarpTools), else its own box, else a box cut out of its tomogram. Its weight is
 * that of the tilt images; else read from the file that `rlnCtfImage` names or that lies beside the box (`NAME_weight.mrc`);
 * else the missing wedge that was given, that files of tilt angles state, or that the boxes of its tomogram show.
 * @throws FileError, FormatError for a list that cannot be read or is empty; ConfigError where boxes must be cut and `edge` is
 * not given.
 */
export async function openSubtomograms(
  path: string,
  options: OpenSubtomogramsOptions = {},
): Promise<SubtomogramReader> {
  const list = options.list ?? (await readList(path, options));
  const own = await openOwnBoxes(list, path, options);
  checkList(list, path, options, own);
  const doubts = createWarningCounter();
  for (const warning of [...list.warnings, ...otherTomogram(list, path, options)]) doubts.add(warning);
  const statements = new Set<string>();
  const cutter = createCutter(list, path, { ...options, edgeIn: (voxelSize) => cutEdge(options, voxelSize, path) });
  const makers = new Map<number, ReturnType<typeof createSubtomogramMaker>>();
  const weights = new Map<string, Promise<TomogramWeight>>();

  const placedBox = async (particle: Particle, where: string): Promise<PlacedBox> => {
    if (own.has(particle)) {
      const box = sized(await own.read(particle, where, doubts), options, where);
      return { box: normalised(box, options, where), centreAngstrom: imageCentre(particle) };
    }
    const { box, centreVoxel, tomogram } = await cutter.box(particle, where, doubts);
    const centre = times(centreVoxel, tomogram.voxelSizeAngstrom);
    const { sizeAngstrom } = tomogram;
    return {
      box: normalised(sized(box, options, where), options, where),
      centreAngstrom: list.origin === "tomogram-centre" ? minus(centre, times(sizeAngstrom, 0.5)) : centre,
    };
  };
  const sharedWeight = (particle: Particle, edge: number): Promise<TomogramWeight> => {
    const name = options.tomogramPath ?? particle.tomogramName;
    const key = `${name} ${edge}`;
    const known = weights.get(key);
    if (known) return known;
    const { tomogramPath, tiltRangeDegrees, tiltsPath } = options;
    const measured = tomogramWeight({
      ...{ listPath: path, edge, tomogramName: name, tomogramPath, tiltRangeDegrees, tiltsPath },
      sample: async () => {
        const boxes: Volume[] = [];
        for (const index of sampleOf(list, particle)) {
          const { box } = await placedBox(list.particles[index]!, `${path}, particle ${index + 1}`);
          if (box.shape[0] === edge) boxes.push(box);
          await breathe(options.signal);
        }
        return boxes;
      },
    });
    weights.set(key, measured);
    return measured;
  };
  const ofBox = async (particle: Particle, where: string) => {
    const { box, centreAngstrom } = await placedBox(particle, where);
    const { voxelSizeAngstrom } = box;
    const edge = box.shape[0];
    const make = makers.get(edge) ?? createSubtomogramMaker(edge);
    makers.set(edge, make);
    const file = own.has(particle) ? await readWeightFile(list, path, particle) : undefined;
    if (!file) {
      const { weight, source, statement, warnings } = await sharedWeight(particle, edge);
      statements.add(statement);
      for (const warning of warnings) doubts.add(warning);
      const subtomogram = normaliseSubtomogram(make(box.data, weight));
      return { subtomogram, voxelSizeAngstrom, weightSource: source, centreAngstrom };
    }
    const stored = { edge: file.edge, voxelSizeAngstrom: particle.imageVoxelSizeAngstrom ?? voxelSizeAngstrom };
    const weight = resampleWeight(file.weight, stored, { edge, voxelSizeAngstrom });
    const measured: Subtomogram = make(
      box.data,
      Float32Array.from(weight, (value) => (value === 0 ? 0 : value)),
    );
    const contrast: BoxContrast =
      file.kind === "squared" ? "multiplied" : file.kind === "amplitude" ? "plain" : contrastOfBox(measured);
    statements.add(STATEMENTS[contrast]);
    if (file.kind === "unknown") doubts.add(ASSUMPTIONS[contrast]);
    const subtomogram = normaliseSubtomogram(withWeight(measured, contrast));
    return { subtomogram, voxelSizeAngstrom, weightSource: "read" as const, centreAngstrom };
  };
  const ofTilts = async (particle: Particle, where: string) => {
    const tilts = rescaleTilts(await own.stacks!.read(particle, where, doubts), options);
    const made = subtomogramOfTilts(tilts);
    if (options.inverted) for (let i = 0; i < made.spectrum.length; i++) made.spectrum[i] = -made.spectrum[i]!;
    statements.add("Fourier weights are those of the tilt images: their directions, contrast transfer and exposure");
    return {
      subtomogram: normaliseSubtomogram(made),
      voxelSizeAngstrom: tilts.pixelSizeAngstrom,
      weightSource: "read" as const,
      centreAngstrom: imageCentre(particle),
    };
  };

  return {
    ...{ path, list, warnings: doubts.warnings },
    weights: () => [...statements],
    [Symbol.asyncDispose]: cutter.close,
    async read(index): Promise<ParticleSubtomogram> {
      const particle = list.particles[index];
      if (!particle) throw new ConfigError(`there is no particle ${index + 1} of ${list.particles.length}`);
      const where = `${path}, particle ${index + 1}`;
      const isStack = own.stacks !== undefined && isTiltStack(list, particle);
      const made = isStack ? await ofTilts(particle, where) : await ofBox(particle, where);
      const { positionAngstrom: position, imageOriginAngstrom: origin } = particle;
      const fromCentre =
        position && made.centreAngstrom ? minus(position, made.centreAngstrom) : times(origin ?? ZERO, -1);
      return {
        ...made,
        shiftVoxels: times(fromCentre, 1 / made.voxelSizeAngstrom),
        rotation: particle.orientation,
      };
    },
  };
}

const STATEMENTS: Readonly<Record<BoxContrast, string>> = {
  multiplied: "Fourier weights are read from files; the boxes were multiplied by their contrast transfer",
  restored: "Fourier weights are read from files; contrast transfer had been divided out of the boxes",
  plain: "Fourier weights are read from files: the contrast transfer of boxes that were not multiplied by it",
};
const ASSUMPTIONS: Readonly<Record<BoxContrast, string>> = {
  multiplied: "boxes are taken to be multiplied by their Fourier weights, because their power grows with these",
  restored: "boxes are taken to be divided by their Fourier weights, because their power falls with these",
  plain: "",
};

const ZERO: Vector3 = { x: 0, y: 0, z: 0 };

function times({ x, y, z }: Vector3, factor: number): Vector3 {
  return { x: x * factor, y: y * factor, z: z * factor };
}

function minus(a: Vector3, b: Vector3): Vector3 {
  return { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z };
}

/** The centre of a particle's own image in its tomogram. */
function imageCentre({
  positionAngstrom: position,
  imageOriginAngstrom: origin = ZERO,
}: Particle): Vector3 | undefined {
  return position && minus(position, times(origin, -1));
}

/** In the tomogram's own voxels; where others are asked for, half a voxel more on each side. */
function cutEdge({ edge, voxelSizeAngstrom }: OpenSubtomogramsOptions, ofTomogram: number, path: string): number {
  if (edge === undefined)
    throw new ConfigError("boxes are cut out of the tomogram, and their edge is not given", {
      where: path,
      hint: "Give the voxels along an edge of the box (--box-size).",
    });
  if (voxelSizeAngstrom === undefined || isSameSize(voxelSizeAngstrom, ofTomogram)) return edge;
  return 2 * Math.ceil((edge * voxelSizeAngstrom) / ofTomogram / 2) + 2;
}

const isSameSize = (a: number, b: number): boolean => Math.abs(a / b - 1) < 1e-3;

/** The box with the edge and voxel size that were asked for. @throws FormatError for one that is no cube. */
function sized(
  box: Volume,
  { edge, voxelSizeAngstrom = box.voxelSizeAngstrom }: OpenSubtomogramsOptions,
  where: string,
): Volume {
  const [nz, ny, nx] = box.shape;
  if (nz !== ny || ny !== nx) throw new FormatError(`its box has ${nx} x ${ny} x ${nz} voxels and is no cube`, where);
  const wanted = edge ?? Math.round((nx * box.voxelSizeAngstrom) / voxelSizeAngstrom);
  if (wanted === nx && isSameSize(voxelSizeAngstrom, box.voxelSizeAngstrom)) return box;
  return rescaleFourier(box, { voxelSizeAngstrom, shape: [wanted, wanted, wanted] });
}

/** Protein bright, zero mean, unit variance. @throws FormatError */
function normalised(box: Volume, { inverted = false }: OpenSubtomogramsOptions, where: string): Volume {
  const data = inverted ? box.data.map((value) => -value) : box.data.slice();
  if (data.some((value) => !Number.isFinite(value)))
    throw new FormatError("its box holds values that are not numbers", where, {
      hint: "Remove the particle, or write the volume anew without NaN or infinity.",
    });
  if (data.every((value) => value === data[0]))
    throw new FormatError("its box is the same value everywhere", where, {
      hint: "Check the coordinates: the particle may lie outside the tomogram.",
    });
  normaliseInPlace(data);
  return { ...box, data };
}

/** Some particles of the same tomogram, evenly through the list. */
function sampleOf({ particles }: ParticleList, { tomogramName }: Particle): number[] {
  const same = [...particles.keys()].filter((index) => particles[index]!.tomogramName === tomogramName);
  const step = Math.max(1, same.length / MEASURED_BOXES);
  return Array.from({ length: Math.min(same.length, MEASURED_BOXES) }, (_, i) => same[Math.floor(i * step)]!);
}
