import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import {
  placementOf,
  readParticleListFile,
  type TomogramsStar,
  tomogramsStarOf,
  writeParticleListFile,
} from "../../files/particles/index.js";
import {
  PARTICLE_CODECS,
  type ParticleFormat,
  type ParticleList,
  particleFormatLabel,
  tomogramNameOf,
} from "../../io/index.js";
import { inOnePiece } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import type { ConvertOptions, Outcome } from "./options.js";

/** @throws as `convertFile`. */
export async function convertParticles(
  input: string,
  output: string,
  to: ParticleFormat,
  options: ConvertOptions,
): Promise<Outcome> {
  const { from, voxelSizeAngstrom, tomogram, tomograms, tomogramNames, onProgress, signal } = options;
  const progress = { onProgress, signal };
  const { tomogramWarnings, tomogramVoxelSizeAngstrom, tomogramSizeAngstrom } = await placementOf(options);
  const place = { tomogram, tomograms, tomogramVoxelSizeAngstrom, sizeAngstrom: tomogramSizeAngstrom };
  const reading = { ...place, format: from, voxelSizeAngstrom, tomogramNames, signal };
  const {
    list: read,
    format,
    tomograms: ofCentred,
  } = await inOnePiece(`reading ${input}`, progress, () => readParticleListFile(input, reading));
  const beside = ofCentred ?? (await sizesToWrite(read, input, to, options));
  const tomogramName = options.tomogramName ?? nameOfGiven(read, to, tomogram);
  const list = tomogramName === undefined ? read : withTomogramName(read, input, tomogramName);
  const writing = {
    ...place,
    ...(beside?.sizesAngstrom && { tomogramSizesAngstrom: beside.sizesAngstrom }),
    sizeAngstrom: place.sizeAngstrom ?? onlySize(read, beside?.sizesAngstrom, options),
    voxelSizeAngstrom: options.outputVoxelSizeAngstrom,
    format: to,
    lossy: options.lossy === true,
    boxSizeVoxels: options.boxSizeVoxels,
    tomogramsOutput: options.tomogramsOutput,
    comments: [`Converted by cosnet to a ${particleFormatLabel(to)}`],
    signal,
  };
  const written = await inOnePiece(`writing ${output}`, progress, () => writeParticleListFile(output, list, writing));
  const unit = written.voxelSizeAngstrom === undefined ? "" : `, in voxels of ${written.voxelSizeAngstrom} Å`;
  const files = written.paths.length === 1 ? "" : `, ${written.paths.length} files`;
  return {
    from: format,
    paths: written.paths,
    summary: `${countText(list.particles.length, "particle")} as ${to}${unit}${files}`,
    warnings: [
      ...tomogramWarnings,
      ...list.warnings,
      ...(beside && (to !== "relion5" || !ofCentred) ? besideWarnings(beside) : []),
      ...written.warnings,
    ],
  };
}

/**
 * The tomograms.star beside a list of tilt images, which cannot be without one, for the formats that count from the tomograms'
 * centres, where nothing else gives sizes.
 */
async function sizesToWrite(
  { general }: ParticleList,
  input: string,
  to: ParticleFormat,
  { tomogram, tomograms, sizeVoxels }: ConvertOptions,
): Promise<TomogramsStar | undefined> {
  const isGiven = [tomogram, tomograms, sizeVoxels].some((given) => given !== undefined);
  if (general === undefined || isGiven || (to !== "relion5" && to !== "eman2")) return undefined;
  const beside = await tomogramsStarOf(input);
  return beside?.sizesAngstrom && beside;
}

function besideWarnings({ path, sizesAngstrom, warnings }: TomogramsStar): readonly string[] {
  return sizesAngstrom ? [`tomogram sizes are those of ${path}`] : warnings;
}

/** The size of the one tomogram that tomograms.star knows, for a list that does not name it, or not as it will be called. */
function onlySize(
  { particles }: ParticleList,
  sizes: ReadonlyMap<string, Vector3> | undefined,
  { tomogramName }: ConvertOptions,
): Vector3 | undefined {
  const [size, ...others] = new Set(sizes?.values());
  const isUnnamed = particles.every((particle) => particle.tomogramName === undefined);
  return others.length === 0 && (isUnnamed || tomogramName !== undefined) ? size : undefined;
}

/** What the one tomogram that is given is called, for formats that name it, where the list does not. */
function nameOfGiven(
  { particles }: ParticleList,
  to: ParticleFormat,
  tomogram: string | undefined,
): string | undefined {
  const isOpen =
    PARTICLE_CODECS[to].holds.tomograms === "name" && particles.every((one) => one.tomogramName === undefined);
  return isOpen && tomogram !== undefined ? tomogramNameOf(tomogram) : undefined;
}

/** The list with its one tomogram called `tomogramName`. @throws ConfigError when the list is of several. */
function withTomogramName(list: ParticleList, path: string, tomogramName: string): ParticleList {
  const { size } = new Set(list.particles.map((particle) => particle.tomogramName));
  if (size > 1)
    throw new ConfigError(`the particles are of ${size} tomograms, and --tomogram-name names one`, {
      where: path,
      hint: "Convert the list of each tomogram by itself.",
    });
  return { ...list, particles: list.particles.map((particle) => ({ ...particle, tomogramName })) };
}
