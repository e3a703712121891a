/** What was found in a tomogram as plain data, and back: so that one process finds it and another gathers it. */
import { openTomogramGrid, type TomogramGrid } from "../../../files/tomogram/index.js";
import { tomogramWorkFolder } from "../../search/index.js";
import type { ComparedTomogram, IdentifiedSearch } from "../identify.js";
import type { PickScale, PickScales } from "../scales.js";
import type { IdentifiedTomogram } from "../search-scales.js";

/**
 * A tomogram with what was found in it, and what identifying it again takes: about 5 kB a candidate and scale. Nothing in it is a
 * function or open.
 */
export interface FoundInTomogram extends Omit<IdentifiedTomogram, "searches"> {
  readonly searches: readonly KeptSearch[];
  /** What was said of it, in order. */
  readonly warnings: readonly string[];
}

interface KeptSearch
  extends Omit<IdentifiedSearch, keyof PickScale | "searched" | "identifying">,
    Pick<PickScale, "classes"> {
  readonly searched: Omit<ComparedTomogram, "grid"> & { readonly grid: GridFacts };
  readonly identifying: Omit<IdentifiedSearch["identifying"], "description">;
}

type GridFacts = Omit<TomogramGrid, "read" | typeof Symbol.asyncDispose>;

export function foundOf({ searches, dependence }: IdentifiedTomogram, warnings: readonly string[]): FoundInTomogram {
  return {
    searches: searches.map(({ networks: _, examples: __, settings: ___, searched, identifying, ...rest }) => {
      const { grid, ...facts } = searched;
      const isFact = ([, value]: [string, unknown]) => typeof value !== "function";
      const gridFacts = Object.fromEntries(Object.entries(grid).filter(isFact)) as unknown as GridFacts; // all others
      const { description: ____, ...known } = identifying;
      return { ...rest, searched: { ...facts, grid: gridFacts }, identifying: known };
    }),
    ...{ dependence, warnings },
  };
}

/** What was found, as the process that found it had it; its file is opened where voxels are asked for. */
export function identifiedOf(
  { searches: kept, dependence }: FoundInTomogram,
  scales: PickScales,
  openGrids: OpenGrids,
): IdentifiedTomogram {
  const [first, ...others] = kept.map(({ searched, identifying, ...search }, i): IdentifiedSearch => {
    const scale = scales[i] ?? scales[0];
    const grid = openGrids.whereRead(searched.grid, scale);
    const { description } = scale.networks.embedder;
    return { ...scale, ...search, searched: { ...searched, grid }, identifying: { ...identifying, description } };
  });
  return { searches: [first!, ...others], dependence }; // one at least, as was kept
}

/** Files of tomograms that are opened where voxels are asked for; `await using` it. */
export interface OpenGrids extends AsyncDisposable {
  /** A grid that opens its file when it is first read. */
  whereRead(facts: GridFacts, scale: PickScales[0]): TomogramGrid;
}

/** More open files than this are not of use: a report shows boxes of a hundred tomograms at most, one after the other. */
const MOST_OPEN = 8;

export function createOpenGrids(): OpenGrids {
  const open = new Map<string, Promise<TomogramGrid>>();
  const closeOldest = async (most: number) => {
    for (const [key, grid] of open) {
      if (open.size <= most) break;
      open.delete(key);
      await (await grid.catch(() => undefined))?.[Symbol.asyncDispose]();
    }
  };
  return {
    whereRead(facts, scale) {
      const key = `${facts.path} ${facts.voxelSizeAngstrom}`;
      return {
        ...facts,
        async read(from, shape) {
          const grid = open.get(key) ?? openGrid(facts, scale);
          open.delete(key);
          open.set(key, grid);
          await closeOldest(MOST_OPEN);
          return (await grid).read(from, shape);
        },
        async [Symbol.asyncDispose]() {},
      };
    },
    [Symbol.asyncDispose]: () => closeOldest(0),
  };
}

async function openGrid(facts: GridFacts, { networks, settings }: PickScales[0]): Promise<TomogramGrid> {
  return openTomogramGrid(facts.path, {
    voxelSizeAngstrom: networks.detector.voxelSizeAngstrom,
    fileVoxelSizeAngstrom: facts.fileVoxelSizeAngstrom,
    workFolder: await tomogramWorkFolder(facts.path, settings),
    signal: settings.signal,
  });
}
