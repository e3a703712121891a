/** What a look at whole tomograms shows: asked for once each, when it is wanted. */
import { signal } from "@preact/signals";
import type { TomogramMeasurement } from "../../protocol/index.js";
import { engine } from "../state/engine.js";
import { whenSeen } from "../state/first-sections.js";
import { sayFailure } from "../state/messages.js";

/** "coming" until it is there, "failed" where there will be none. */
export type Measured = TomogramMeasurement | "coming" | "failed";

const measurements = signal<ReadonlyMap<string, Measured>>(new Map());

/** Undefined before anybody asked for it. */
export function measurementOf(id: string): Measured | undefined {
  return measurements.value.get(id);
}

/** It takes a look at the whole file. */
export async function measure(id: string): Promise<void> {
  if (measurements.peek().has(id)) return;
  const note = (measured: Measured) => (measurements.value = new Map(measurements.peek()).set(id, measured));
  note("coming");
  await whenSeen(id); // the engine is busy while it measures
  try {
    note(await engine().measure(id));
  } catch (error) {
    note("failed");
    sayFailure(error);
  }
}
