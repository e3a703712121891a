/** Surfaces of picks' masks, fetched as they come into sight. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { EngineClient, Surface, TomogramInfo } from "../../../protocol/index.js";
import type { Marker } from "../marker.js";

export interface MaskSurfaces {
  /** Those that are here, by marker. */
  readonly here: ReadonlySignal<ReadonlyMap<string, Surface>>;
  /** Fetches those of these markers next, in their order, and no others. */
  want(markers: readonly Marker[]): void;
}

const AT_ONCE = 2;
/** New ones are shown together, so that a hundred of them make no hundred paintings. */
const PAUSE_MILLISECONDS = 60;

export function createMaskSurfaces(
  client: Pick<EngineClient, "surface">,
  runId: string,
  tomogram: Pick<TomogramInfo, "id">,
): MaskSurfaces {
  const here = signal<ReadonlyMap<string, Surface>>(new Map());
  const asked = new Set<string>();
  const arrived = new Map<string, Surface>();
  let wanted: readonly Marker[] = [];
  let underWay = 0;
  let isWaiting = false;

  const showSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      here.value = new Map([...here.peek(), ...arrived]);
      arrived.clear();
    }, PAUSE_MILLISECONDS);
  };
  const fetch = async ({ id, position }: Marker) => {
    asked.add(id);
    underWay++;
    try {
      arrived.set(id, await client.surface(runId, tomogram.id, position));
      showSoon();
    } catch {
      // A pick without a mask, as an added one is, keeps its circle.
    }
    underWay--;
    advance();
  };
  const advance = () => {
    while (underWay < AT_ONCE) {
      const next = wanted.find(({ id }) => !asked.has(id));
      if (!next) return;
      void fetch(next);
    }
  };
  return {
    here,
    want(markers) {
      wanted = markers;
      advance();
    },
  };
}
