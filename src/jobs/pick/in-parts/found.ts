/** What was found in a tomogram as plain data, and back: so that one process finds it and another gathers it. */
import { openTomogramGrid, type TomogramGrid } from "../../../files/tomogram/index.js";
import { tomogramWorkFolder } from "../../search/index.js";
import type { FoundTomogram, PickedCandidate, PickedSearch, PickedTomogram } from "../picked-tomogram.js";
import type { PickScales } from "../scales.js";

/** A tomogram with what was found in it; nothing in it is a function or open. */
export interface FoundInTomogram extends Omit<PickedTomogram, "searched" | "searches" | "candidates"> {
  readonly searches: readonly KeptSearch[];
  readonly candidates: readonly KeptCandidate[];
  /** What was said of it, in order. */
  readonly warnings: readonly string[];
}

interface KeptSearch extends Omit<PickedSearch, "networks" | "examples" | "settings" | "searched" | "embedded"> {
  readonly searched: Omit<FoundTomogram, "grid"> & { readonly grid: GridFacts };
  /** Where they are written. */
  readonly embedded: PickedSearch["embedded"] | undefined;
}

type GridFacts = Omit<TomogramGrid, "read" | typeof Symbol.asyncDispose>;

/** Its search by number. */
interface KeptCandidate extends Omit<PickedCandidate, "search"> {
  readonly search: number;
}

/** @param keepEmbeddings 512 bytes a candidate, of use only where they are written. */
export function foundOf(
  { searches, candidates, own, acrossScales, cutOffs, dependence }: PickedTomogram,
  warnings: readonly string[],
  { keepEmbeddings }: { readonly keepEmbeddings: boolean },
): FoundInTomogram {
  return {
    searches: searches.map(({ searched, classes, filaments, empty, openSet, embedded }) => {
      const { grid, candidates, ...facts } = searched;
      const isFact = ([, value]: [string, unknown]) => typeof value !== "function";
      const gridFacts = Object.fromEntries(Object.entries(grid).filter(isFact)) as unknown as GridFacts; // all others
      return {
        searched: { ...facts, grid: gridFacts, candidates: { length: candidates.length } },
        ...{ classes, empty, openSet },
        filaments: new Map([...filaments].map(([label, { reason }]) => [label, { reason }])),
        embedded: keepEmbeddings ? { embeddings: embedded.embeddings, size: embedded.size } : undefined,
      };
    }),
    candidates: candidates.map(({ search, ...rest }) => ({ ...rest, search: searches.indexOf(search) })),
    ...{ own, acrossScales, cutOffs, dependence, warnings },
  };
}

/** What was found, as the process that found it had it; its file is opened where voxels are asked for. */
export function pickedOf(found: FoundInTomogram, scales: PickScales, openGrids: OpenGrids): PickedTomogram {
  const { searches: kept, candidates, warnings: _, ...rest } = found;
  const searches = kept.map(({ searched, embedded, ...search }, i): PickedSearch => {
    const scale = scales[i] ?? scales[0];
    const grid = openGrids.whereRead(searched.grid, scale);
    return {
      ...{ ...scale, ...search, searched: { ...searched, grid } },
      embedded: embedded ?? { embeddings: new Float32Array(), size: 0 },
    };
  }) as [PickedSearch, ...PickedSearch[]]; // one at least, as was kept
  return {
    ...{ ...rest, searches, searched: searches[0].searched },
    candidates: candidates.map(({ search, ...candidate }) => ({ ...candidate, search: searches[search]! })),
  };
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
