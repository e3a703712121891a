/** What a look at whole tomograms shows: asked for once each, when it is wanted. */
import { signal } from "@preact/signals";
import type { TomogramMeasurement } from "../../protocol/index.js";
import { engine } from "../state/engine.js";
import { sayFailure } from "../state/messages.js";

const measurements = signal<ReadonlyMap<string, TomogramMeasurement>>(new Map());
const asked = new Set<string>();

/** Undefined until it is measured. */
export function measurementOf(id: string): TomogramMeasurement | undefined {
  if (!asked.has(id)) {
    asked.add(id);
    engine()
      .measure(id)
      .then((measured) => (measurements.value = new Map(measurements.value).set(id, measured)), sayFailure);
  }
  return measurements.value.get(id);
}
