import { FormatError } from "../../errors.js";
import {
  hasImageStack,
  IMAGE_STACK_HINT,
  outsideFractionOf,
  type Particle,
  type ParticleList,
  reachOf,
  readBox,
} from "../../io/index.js";
import type { Progress } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import { fileExists } from "../disk/index.js";
import { openTomogram, surveyed, type Tomogram } from "../tomogram/index.js";
import type { ParticleBoxesOptions } from "./box-options.js";
import { listedVoxelSizeOf } from "./listed-voxel-size.js";
import { ofParticle } from "./own-box.js";
import { createTomogramLocator } from "./tomograms-star.js";
import type { WarningCounter } from "./warning-counter.js";

/** Where boxes are cut, and how large. */
export interface CutterOptions
  extends Progress,
    Pick<ParticleBoxesOptions, "fileVoxelSizeAngstrom" | "listedVoxelSize" | "tomogramPath"> {
  /** Voxels along each axis of a box in a tomogram of such voxels. */
  readonly edgeIn: (voxelSizeAngstrom: number) => number;
  readonly highestOutsideFraction?: number | undefined;
}

/** Cuts boxes out of tomograms, keeping one open at a time. */
export function createCutter(list: ParticleList, listPath: string, options: CutterOptions) {
  const { highestOutsideFraction = 0.5 } = options;
  const percent = highestOutsideFraction === 0.5 ? "half" : `${Math.round(100 * highestOutsideFraction)} %`;
  const tomogramOf = createTomogramLocator(listPath);
  const place = { path: listPath, reachAngstrom: reachOf(list) };
  let open: Tomogram | undefined;
  /** Tomograms whose voxels have been looked at. */
  const known = new Set<string>();
  const close = async (): Promise<void> => {
    await open?.[Symbol.asyncDispose]();
    open = undefined;
  };
  /** The particle's tomogram; its voxels are looked at when it is opened first. */
  const tomogramFor = async (particle: Particle, where: string, doubts: WarningCounter): Promise<Tomogram> => {
    const name = options.tomogramPath ?? particle.tomogramName;
    if (particle.positionAngstrom === undefined || name === undefined)
      throw new FormatError("there is neither an image (rlnImageName) nor a position in a tomogram", where, {
        hint: "Add rlnImageName, or coordinates and --tomogram FILE.",
      });
    const path = options.tomogramPath ?? (await tomogramOf(name));
    if (open?.path === path) return open;
    if (hasImageStack(list, particle) && !(await fileExists(path)))
      throw new FormatError(
        `its image ${particle.imageName} is a stack of 2-D images, not a box, and there is no tomogram ${path}`,
        where,
        { hint: IMAGE_STACK_HINT },
      );
    await close();
    open = await openTomogram(path, {
      voxelSizeAngstrom: options.fileVoxelSizeAngstrom,
      listedVoxelSize: listedVoxelSizeOf(particle, place, options),
      isSpecimen: true,
    }).catch((error) => {
      throw options.tomogramPath === undefined ? ofParticle(error, `${where}; --tomogram gives another`) : error;
    });
    if (known.has(path)) return open;
    open = await surveyed(open, options);
    for (const warning of open.warnings) doubts.add(warning, path);
    known.add(path);
    return open;
  };
  return {
    close,
    /** Whether `box` would refuse the particle for where it lies. */
    async isOutside(particle: Particle, where: string, doubts: WarningCounter): Promise<boolean> {
      const tomogram = await tomogramFor(particle, where, doubts);
      const edge = checkedEdge(options.edgeIn(tomogram.voxelSizeAngstrom), tomogram);
      const position = positionIn(tomogram, particle.positionAngstrom!, list);
      return outsideFractionOf(tomogram, position, edge) > highestOutsideFraction;
    },
    async box(particle: Particle, where: string, doubts: WarningCounter) {
      const tomogram = await tomogramFor(particle, where, doubts);
      const edge = checkedEdge(options.edgeIn(tomogram.voxelSizeAngstrom), tomogram);
      const position = positionIn(tomogram, particle.positionAngstrom!, list);
      const { volume, centreVoxel, outsideFraction } = await readBox(tomogram, position, edge);
      if (outsideFraction > highestOutsideFraction)
        throw new FormatError(`more than ${percent} of its box lies outside ${tomogram.path}`, where, {
          hint: "Check the coordinates' unit and the voxel size (--voxel-size).",
        });
      if (outsideFraction > 0)
        doubts.add("some boxes reach beyond their tomogram; they are filled up with the box's mean");
      return { box: volume, centreVoxel, tomogram };
    },
  };
}

/** From the centre of the tomogram's first voxel; RELION 5 counts from half of its size. */
function positionIn({ sizeAngstrom }: Tomogram, { x, y, z }: Vector3, { origin }: ParticleList): Vector3 {
  return origin === "tomogram-centre"
    ? { x: x + sizeAngstrom.x / 2, y: y + sizeAngstrom.y / 2, z: z + sizeAngstrom.z / 2 }
    : { x, y, z };
}

/** 512 MB as float32, or a particle of 0.6 Å voxels: more is a wrong voxel size. */
const LARGEST_BOX_VOXELS = 512;

/** @throws FormatError */
function checkedEdge(edge: number, { voxelSizeAngstrom, path }: Tomogram): number {
  if (edge <= LARGEST_BOX_VOXELS) return edge;
  throw new FormatError(`voxels of ${voxelSizeAngstrom} Å would need boxes of ${edge} voxels`, path, {
    hint: "Check the voxel size (--voxel-size), or bin the tomogram.",
  });
}
