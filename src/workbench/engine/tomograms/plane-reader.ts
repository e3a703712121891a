/** Planes of one tomogram, kept as long as there is room; those that are read together are read once. */
import type { Tomogram } from "../../../files/tomogram/index.js";
import type { Axis, GreyValues } from "../../protocol/index.js";
import type { SectionCache } from "./section-cache.js";
import { beginSlab, readSection, type SlabReading, slabOf } from "./slab-reading.js";

export interface Plane {
  readonly values: GreyValues;
  readonly isCoarse: boolean;
}

/** @param patience after which a plane that is not read yet is given coarsely; without it all of it is waited for. */
type ReadPlane = (axis: Axis, index: number, patience?: Promise<void>) => Promise<Plane>;

export interface PlaneReader {
  /** Not to be written in, nor to be handed over. */
  readonly shared: ReadPlane;
  /** In memory that is the caller's. */
  readonly own: ReadPlane;
}

/** A reading that goes on. */
interface Reading extends SlabReading {
  readonly axis: Axis;
  /** Resolves when it has come to its end, whatever end. */
  readonly ended: Promise<void>;
  isDone: boolean;
  /** How many wait for it. */
  users: number;
  stop(): void;
}

/** @param cache shared by all tomograms; `name` is what it knows this one by. */
export function createPlaneReader(
  tomogram: Pick<Tomogram, "shape" | "readNumbers">,
  cache: SectionCache,
  name: string,
): PlaneReader {
  const readings = new Map<string, Reading>();
  /** What somebody looks at across each axis comes before what is read ahead. */
  const lookedAt = new Map<Axis, Reading>();
  const keyOf = (axis: Axis, index: number) => `${name} ${axis} ${index}`;

  const begin = (axis: Axis, slab: ReturnType<typeof slabOf>): Reading => {
    const stopping = new AbortController();
    const turn = async () => {
      for (let front = lookedAt.get(axis); front && front !== reading && !front.isDone; front = lookedAt.get(axis))
        await front.ended;
    };
    const slabReading = beginSlab(tomogram, axis, slab, { signal: stopping.signal, turn });
    const planes = slabReading.planes.then((all) => {
      for (const [i, values] of all.entries()) cache.set(keyOf(axis, slab.first + i), values);
      return all;
    });
    const ended = planes.then(
      () => {},
      () => {},
    );
    const reading: Reading = {
      ...slabReading,
      planes,
      axis,
      ended,
      isDone: false,
      users: 0,
      stop: () => stopping.abort(),
    };
    const key = keyOf(axis, slab.first);
    readings.set(key, reading);
    void ended.then(() => {
      reading.isDone = true;
      if (readings.get(key) === reading) readings.delete(key);
      if (lookedAt.get(axis) === reading) lookedAt.delete(axis);
    });
    return reading;
  };

  /** What nobody waits for is not read on, but for what is looked at: who takes it coarsely asks again. */
  const stopUnused = (axis: Axis): void => {
    for (const [key, reading] of readings) {
      if (reading.axis !== axis || reading.users > 0 || reading === lookedAt.get(axis)) continue;
      readings.delete(key);
      reading.stop();
    }
  };

  const shared: ReadPlane = async (axis, index, patience) => {
    const kept = cache.get(keyOf(axis, index));
    if (kept) return { values: kept, isCoarse: false };
    const slab = slabOf(tomogram.shape, axis, index);
    const reading = readings.get(keyOf(axis, slab.first)) ?? begin(axis, slab);
    reading.users++;
    try {
      if (patience) {
        lookedAt.set(axis, reading);
        stopUnused(axis);
        await Promise.race([reading.ended, Promise.all([reading.begun, patience])]);
        if (!reading.isDone) return { values: reading.coarse(index - slab.first), isCoarse: true };
      }
      const planes = await reading.planes;
      return { values: planes[index - slab.first]!, isCoarse: false };
    } finally {
      reading.users--;
      stopUnused(axis);
    }
  };

  const own: ReadPlane = async (axis, index, patience) => {
    if (axis !== "z" || cache.get(keyOf(axis, index))) {
      const { values, isCoarse } = await shared(axis, index, patience);
      return { values: isCoarse ? values : values.slice(), isCoarse };
    }
    // Read alone, so it is given away rather than kept: reading it again costs less than a copy does.
    const values = await readSection(tomogram, index);
    return { values: values.byteLength < values.buffer.byteLength ? values.slice() : values, isCoarse: false };
  };
  return { shared, own };
}
