/** Sections as they are wanted: few requests at a time for each axis, the latest wish next, then those beside it; a bounded store. */
import type { Axis, Section, SectionRequest } from "../../../protocol/index.js";

type Filter = Pick<SectionRequest, "tomogramId" | "thicknessVoxels" | "lowPassAngstrom">;
/** A section, and what it is of. */
export type WantedSection = Required<Pick<SectionRequest, "tomogramId" | "axis" | "index">> & Filter;

export interface SectionSource {
  /** The section, if it is here already. */
  at(request: WantedSection): Section | undefined;
  /** Fetches what is wanted, and nothing that was wanted before it and is not fetched yet. */
  want(request: WantedSection, count: number): void;
}

export interface SectionSourceOptions {
  fetch(request: SectionRequest): Promise<Section>;
  onArrival(request: WantedSection, section: Section): void;
  onFailure(error: unknown): void;
  mostBytes?: number;
}

/** 256 sections of 512 x 512 voxels. */
const MOST_BYTES = 256 * 2 ** 20;
/** How many sections are fetched ahead, in the direction of the last step, and one behind. */
const AHEAD = 4;

/** So that one is read while another is on its way; what is wanted need not wait for what may be wanted next. */
const [WISHES_AT_ONCE, AHEAD_AT_ONCE] = [3, 2] as const;

interface Lane {
  /** Keys of what is asked and not here yet. */
  readonly underWay: Set<string>;
  wanted: WantedSection | undefined;
  previousIndex: number;
  /** What is worth having next, while nobody waits. */
  ahead: WantedSection[];
}

export function createSectionSource(options: SectionSourceOptions): SectionSource {
  const { fetch, onArrival, onFailure, mostBytes = MOST_BYTES } = options;
  const store = new Map<string, Section>(); // oldest use first
  let bytes = 0;
  const lanes = new Map<Axis, Lane>();

  const take = (key: string): Section | undefined => {
    const section = store.get(key);
    if (section && store.delete(key)) store.set(key, section);
    return section;
  };
  const keep = (key: string, section: Section) => {
    store.set(key, section);
    bytes += section.values.byteLength;
    for (const [oldest, { values }] of store) {
      if (bytes <= mostBytes || oldest === key) break;
      store.delete(oldest);
      bytes -= values.byteLength;
    }
  };
  const nextOf = ({ wanted, ahead, underWay }: Lane): WantedSection | undefined => {
    const isMissing = (request: WantedSection) => !store.has(keyOf(request)) && !underWay.has(keyOf(request));
    if (wanted && isMissing(wanted)) return underWay.size < WISHES_AT_ONCE ? wanted : undefined;
    return underWay.size < AHEAD_AT_ONCE ? ahead.find(isMissing) : undefined;
  };
  const drive = (lane: Lane) => {
    for (let request = nextOf(lane); request; request = nextOf(lane)) void run(lane, request);
  };
  const run = async (lane: Lane, request: WantedSection) => {
    const key = keyOf(request);
    lane.underWay.add(key);
    // Once each: a store that cannot hold all of them would have them asked for again and again.
    if (lane.wanted === request) lane.wanted = undefined;
    else lane.ahead = lane.ahead.slice(lane.ahead.indexOf(request) + 1);
    try {
      const section = await fetch(request);
      keep(key, section);
      onArrival(request, section);
    } catch (error) {
      lane.ahead = [];
      onFailure(error);
    }
    lane.underWay.delete(key);
    drive(lane);
  };

  return {
    at: (request) => take(keyOf(request)),
    want(request, count) {
      const lane = lanes.get(request.axis) ?? {
        underWay: new Set(),
        wanted: undefined,
        previousIndex: request.index,
        ahead: [],
      };
      lanes.set(request.axis, lane);
      const direction = request.index < lane.previousIndex ? -1 : 1;
      lane.previousIndex = request.index;
      lane.wanted = request;
      lane.ahead = [...Array(AHEAD).keys()]
        .map((step) => request.index + direction * (step + 1))
        .concat(request.index - direction)
        .filter((index) => index >= 0 && index < count)
        .map((index) => ({ ...request, index }));
      drive(lane);
    },
  };
}

export function keyOf({ tomogramId, axis, index, thicknessVoxels = 1, lowPassAngstrom }: WantedSection): string {
  return [tomogramId, axis, index, thicknessVoxels, lowPassAngstrom ?? ""].join("|");
}
