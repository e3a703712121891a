/** The tomograms of the project, open as long as they are looked at. */
import { byteLengthOf } from "../../../files/disk/index.js";
import { tomogramNameOf } from "../../../io/index.js";
import type {
  ProjectTomogram,
  Section,
  SectionRequest,
  ThumbnailRequest,
  Thumbnails,
  TomogramInfo,
  TomogramMeasurement,
} from "../../protocol/index.js";
import { greyValues } from "./grey-values.js";
import { measureForPeople } from "./measure.js";
import { openForViewing, type ViewedTomogram } from "./open-for-viewing.js";
import { createPlaneReader } from "./plane-reader.js";
import { createSectionCache } from "./section-cache.js";
import { createSectionReader } from "./section-reader.js";
import { readThumbnails } from "./thumbnails.js";

/** What is kept of sections, of all tomograms together. */
const SECTION_CACHE_BYTES = 128e6;
/** Some kinds of files are in memory as a whole while they are open. */
const MOST_OPEN = 3;

interface OpenTomogram {
  readonly tomogram: ViewedTomogram;
  readonly sections: (request: SectionRequest) => Promise<readonly Section[]>;
  readonly measure: () => Promise<TomogramMeasurement>;
  readonly greys: () => Promise<Pick<TomogramInfo, "greyRange" | "greyHistogram">>;
}

export interface Tomograms extends AsyncDisposable {
  info(of: ProjectTomogram): Promise<TomogramInfo>;
  describe(of: ProjectTomogram): Promise<Pick<ViewedTomogram, "shape" | "voxelSizeAngstrom" | "isVoxelSizeKnown">>;
  sections(of: ProjectTomogram, request: SectionRequest): Promise<readonly Section[]>;
  thumbnails(of: ProjectTomogram, request: ThumbnailRequest): Promise<Thumbnails>;
  measure(of: ProjectTomogram): Promise<TomogramMeasurement>;
}

export function createTomograms(): Tomograms {
  const cache = createSectionCache(SECTION_CACHE_BYTES);
  const open = new Map<string, { readonly opening: Promise<OpenTomogram>; users: number }>();

  const openAs = async (of: ProjectTomogram): Promise<OpenTomogram> => {
    const tomogram = await openForViewing(of);
    let greys: ReturnType<OpenTomogram["greys"]> | undefined;
    let measured: Promise<TomogramMeasurement> | undefined;
    return {
      tomogram,
      sections: createSectionReader(tomogram, createPlaneReader(tomogram, cache, of.id)),
      measure: () => (measured ??= measureForPeople(tomogram)),
      greys: () => (greys ??= greyValues(tomogram)),
    };
  };

  /** Those that nobody uses are closed, the one that was not used for longest first. */
  const closeSome = async (most: number): Promise<void> => {
    for (const [key, { opening, users }] of open) {
      if (open.size <= most) return;
      if (users > 0) continue;
      open.delete(key);
      await opening.then(({ tomogram }) => tomogram[Symbol.asyncDispose]()).catch(() => {});
    }
  };

  const using = async <Result>(of: ProjectTomogram, work: (open: OpenTomogram) => Promise<Result>): Promise<Result> => {
    const key = JSON.stringify([of.id, of.path, of.voxelSizeAngstrom]);
    const entry = open.get(key) ?? { opening: openAs(of), users: 0 };
    open.delete(key); // to the end, where the latest are
    open.set(key, entry);
    entry.users++;
    try {
      const opened = await entry.opening.catch((error) => {
        open.delete(key); // the file may be well the next time
        throw error;
      });
      return await work(opened);
    } finally {
      entry.users--;
      await closeSome(MOST_OPEN);
    }
  };

  return {
    info: (of) =>
      using(of, async ({ tomogram, greys }) => {
        const { path, kind, shape, voxelSizeAngstrom, voxelSizeSource, warnings } = tomogram;
        return {
          ...{ id: of.id, path, name: tomogramNameOf(path), kind, shape, voxelSizeAngstrom, voxelSizeSource },
          byteLength: await byteLengthOf(path),
          ...(await greys()),
          warnings,
        };
      }),
    describe: (of) => using(of, async ({ tomogram }) => tomogram),
    sections: (of, request) => using(of, ({ sections }) => sections(request)),
    thumbnails: (of, request) => using(of, ({ tomogram }) => readThumbnails(tomogram, request)),
    measure: (of) => using(of, ({ measure }) => measure()),
    [Symbol.asyncDispose]: () => closeSome(0),
  };
}
