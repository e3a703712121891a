/** What a look at whole tomograms shows: asked for once each, when it is wanted. */
import { signal } from "@preact/signals";
import type { TomogramMeasurement } from "../../protocol/index.js";
import { engine } from "../state/engine.js";
import { sayFailure } from "../state/messages.js";

/** "coming" until it is there, "failed" where there will be none. */
export type Measured = TomogramMeasurement | "coming" | "failed";

const measurements = signal<ReadonlyMap<string, Measured>>(new Map());
const asked = new Set<string>();

export function measurementOf(id: string): Measured {
  if (!asked.has(id)) {
    asked.add(id);
    void measure(id);
  }
  return measurements.value.get(id) ?? "coming";
}

async function measure(id: string): Promise<void> {
  const note = (measured: Measured) => (measurements.value = new Map(measurements.value).set(id, measured));
  try {
    note(await engine().measure(id));
  } catch (error) {
    note("failed");
    sayFailure(error);
  }
}
