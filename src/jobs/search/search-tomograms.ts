import { realPath, workFolderFor } from "../../files/disk/index.js";
import {
  openTomogramGrid,
  type StatedVoxelSize,
  type TomogramGrid,
  type TomogramSurvey,
} from "../../files/tomogram/index.js";
import type { Contrast } from "../../infer/index.js";
import type { Progress } from "../../progress.js";
import type { Networks } from "./networks.js";
import type { SearchSettings } from "./options.js";
import { type SearchedTomogram, searchTomogram, type TomogramSearch } from "./search-tomogram.js";

export interface TomogramsSearch extends SearchSettings {
  /** Folder for what the search leaves for a later run. */
  readonly workRoot: string;
  /** Diameter of the smallest particle that is looked for; 80 Å at the networks' own voxels where it is not known. */
  readonly narrowestAngstrom?: number | undefined;
  /** Contrast as examples have shown it, by the tomogram's real path. */
  readonly contrasts: ReadonlyMap<string, Contrast>;
  /** What all voxels of tomograms were seen to hold, by the tomograms' real paths; the others are looked at. */
  readonly surveys?: ReadonlyMap<string, TomogramSurvey>;
  /** What lists of examples say of tomograms, by their real paths. */
  readonly listedVoxelSizes?: ReadonlyMap<string, StatedVoxelSize>;
  /** Keep what the detector sees around every cell, to search by examples; default false. */
  readonly keepFeatures?: boolean;
  /** Of `TomogramSearch`. */
  readonly listed?: TomogramSearch["listed"];
}

/** What an earlier search has seen of the tomogram, if there was one. */
interface NotedSurvey {
  survey?: TomogramSurvey | undefined;
}

/** Smaller particles are not told from noise. */
const LEAST_DIAMETER_VOXELS = 8;

/** What was found in several tomograms, whose files stay open. */
export interface SearchedTomograms extends AsyncDisposable {
  readonly tomograms: readonly SearchedTomogram[];
}

/** Searches one tomogram after the other. @throws as `searchTomogram`; no file then stays open. */
export async function searchTomograms(
  paths: readonly string[],
  networks: Networks,
  search: TomogramsSearch,
): Promise<SearchedTomograms> {
  const grids: TomogramGrid[] = [];
  const close = async () => {
    for (const grid of grids) await grid[Symbol.asyncDispose]();
  };
  const tomograms: SearchedTomogram[] = [];
  try {
    for (const [index, path] of paths.entries()) {
      const workFolder = await tomogramWorkFolder(path, search);
      const realTomogram = await realPath(path);
      const prefix = paths.length > 1 ? `${index + 1} of ${paths.length}: ` : "";
      const own = {
        ...search,
        narrowestAngstrom:
          search.narrowestAngstrom ?? LEAST_DIAMETER_VOXELS * networks.embedder.description.voxelSizeAngstrom,
        ...{ workFolder, knownContrast: search.contrasts.get(realTomogram), clock: createClock() },
        onProgress: search.onProgress && prefixed(search.onProgress, prefix),
      };
      const noted = await search.memory?.recall(`survey ${workFolder}`, async (): Promise<NotedSurvey> => ({}));
      const grid = await openTomogramGrid(path, {
        ...own,
        voxelSizeAngstrom: networks.detector.voxelSizeAngstrom,
        fileVoxelSizeAngstrom: search.voxelSizeAngstrom,
        listedVoxelSize: search.listedVoxelSizes?.get(realTomogram),
        survey: search.surveys?.get(realTomogram) ?? noted?.survey ?? true,
      });
      grids.push(grid);
      if (noted) noted.survey = grid.survey;
      tomograms.push(await searchTomogram(grid, networks, own));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { tomograms, [Symbol.asyncDispose]: close };
}

/** A tomogram resampled, searched and embedded under other voxels is other work. @throws FileError */
export function tomogramWorkFolder(
  path: string,
  {
    workRoot,
    voxelSizeAngstrom,
    particleDiameterAngstrom,
  }: Pick<TomogramsSearch, "workRoot" | "voxelSizeAngstrom" | "particleDiameterAngstrom">,
): Promise<string> {
  return workFolderFor(workRoot, path, { voxelSizeAngstrom, particleDiameterAngstrom });
}

function prefixed(onProgress: NonNullable<Progress["onProgress"]>, prefix: string): typeof onProgress {
  return (step) => onProgress({ ...step, stage: `${prefix}${step.stage}` });
}

/** Seconds since it was last asked. */
function createClock(): () => number {
  let last = performance.now();
  return () => {
    const seconds = (performance.now() - last) / 1000;
    last = performance.now();
    return seconds;
  };
}
