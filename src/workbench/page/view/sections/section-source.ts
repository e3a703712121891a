/** Sections as they are wanted, what is wanted last first, then those that are likely to be wanted next; a bounded store. */
import type { Axis, Section, SectionRequest } from "../../../protocol/index.js";
import { createTravel, type Travel } from "./travel.js";

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
  /** `count` sections from `index` on, or fewer. */
  fetch(request: SectionRequest): Promise<readonly Section[]>;
  /** What comes coarsely comes again, until it is whole or not wanted any more. */
  onArrival(request: WantedSection, section: Section): void;
  onFailure(error: unknown): void;
  mostBytes?: number;
}

/** 512 sections of 512 x 512 voxels in 16 bits. */
const MOST_BYTES = 256 * 2 ** 20;
/** What is fetched ahead in one request: each costs as much as some hundred kilobytes. */
const MOST_BYTES_TOGETHER = 4 * 2 ** 20;
/** So that one is read while another is on its way; what is wanted need not wait for what may be wanted next. */
const [WISHES_AT_ONCE, AHEAD_AT_ONCE] = [3, 2] as const;

/** What goes on across one axis. */
interface Lane {
  readonly travel: Travel;
  /** Keys of what is asked and not here yet, and in how many requests. */
  readonly underWay: Set<string>;
  requests: number;
  /** What was wanted last, here or not. */
  latest: WantedSection;
  /** It has been asked for; not again, should the store be too small to hold it. */
  isAsked: boolean;
  /** What is worth having next. */
  ahead: WantedSection[];
}

export function createSectionSource(options: SectionSourceOptions): SectionSource {
  const { fetch, onArrival, onFailure, mostBytes = MOST_BYTES } = options;
  const store = new Map<string, Section>(); // oldest use first
  let bytes = 0;
  let sectionBytes = MOST_BYTES_TOGETHER; // of the latest, across whatever axis
  const lanes = new Map<Axis, Lane>();

  const take = (key: string): Section | undefined => {
    const section = store.get(key);
    if (section && store.delete(key)) store.set(key, section);
    return section;
  };
  const keep = (key: string, section: Section) => {
    bytes += section.values.byteLength - (store.get(key)?.values.byteLength ?? 0);
    store.set(key, section);
    for (const [oldest, { values }] of store) {
      if (bytes <= mostBytes || oldest === key) break;
      store.delete(oldest);
      bytes -= values.byteLength;
    }
  };
  const isMissing = (lane: Lane, request: WantedSection) =>
    !store.has(keyOf(request)) && !lane.underWay.has(keyOf(request));

  /** The first run of neighbours ahead that are not here. */
  const nextAhead = (lane: Lane): readonly WantedSection[] => {
    const missing = lane.ahead.filter((request) => isMissing(lane, request));
    const most = Math.max(1, Math.floor(MOST_BYTES_TOGETHER / sectionBytes));
    const end = missing.findIndex(({ index }, i) => i === most || !lane.travel.isNext(missing[i - 1]?.index, index));
    return end < 0 ? missing : missing.slice(0, end);
  };
  const nextOf = (lane: Lane): readonly WantedSection[] => {
    const { latest, travel, requests } = lane;
    if (!lane.isAsked && isMissing(lane, latest)) {
      // Who scrolls on has passed it when it comes; should that have been the last step, it comes next.
      const isPassed = travel.lag > 0 && requests > 0;
      if (!isPassed) return requests < WISHES_AT_ONCE ? [latest] : [];
    }
    // Who does not scroll waits for one section, which others would hold up.
    const most = travel.isScrolling ? AHEAD_AT_ONCE : 1;
    return requests < most ? nextAhead(lane) : [];
  };
  const drive = (lane: Lane) => {
    for (let next = nextOf(lane); next.length > 0; next = nextOf(lane)) void run(lane, next);
  };
  const run = async (lane: Lane, requests: readonly WantedSection[]) => {
    const rising = requests.toSorted((a, b) => a.index - b.index);
    const keys = requests.map(keyOf);
    for (const key of keys) lane.underWay.add(key);
    lane.requests++;
    const isWish = requests[0] === lane.latest;
    if (isWish) lane.isAsked = true;
    else lane.ahead = lane.ahead.slice(lane.ahead.indexOf(requests.at(-1)!) + 1); // once each, as what is wanted
    const arrived = lane.travel.depart();
    try {
      const sections = await fetch({ ...rising[0]!, count: rising.length, mayBeCoarse: isWish });
      arrived();
      for (const [i, section] of sections.entries()) arrive(lane, rising[i]!, section);
    } catch (error) {
      lane.ahead = [];
      onFailure(error);
    }
    for (const key of keys) lane.underWay.delete(key);
    lane.requests--;
    drive(lane);
  };
  const arrive = (lane: Lane, request: WantedSection, section: Section) => {
    sectionBytes = section.values.byteLength;
    if (!section.isCoarse) keep(keyOf(request), section);
    else if (request === lane.latest) lane.isAsked = false;
    onArrival(request, section);
  };

  return {
    at: (request) => take(keyOf(request)),
    want(request, count) {
      const lane = lanes.get(request.axis) ?? {
        ...{ travel: createTravel(request.index), underWay: new Set(), requests: 0 },
        ...{ latest: request, isAsked: false, ahead: [] },
      };
      lanes.set(request.axis, lane);
      lane.latest = request;
      lane.isAsked = false;
      lane.travel.to(request.index);
      lane.ahead = lane.travel
        .ahead()
        .filter((index) => index >= 0 && index < count)
        .map((index) => ({ ...request, index }));
      drive(lane);
    },
  };
}

export function keyOf({ tomogramId, axis, index, thicknessVoxels = 1, lowPassAngstrom }: WantedSection): string {
  return [tomogramId, axis, index, thicknessVoxels, lowPassAngstrom ?? ""].join("|");
}
