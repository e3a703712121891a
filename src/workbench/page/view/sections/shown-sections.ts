/** The three sections through the cursor, fetched as they are wanted. */
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { Axis, EngineClient, Section, TomogramInfo } from "../../../protocol/index.js";
import { noteSeen } from "../../state/first-sections.js";
import { cursor, greyStatistics, lowPassAngstrom, thicknessVoxels } from "../../state/view.js";
import { statisticsOf } from "../contrast/grey-statistics.js";
import { AXES, voxelsAlong } from "../geometry/pane-axes.js";
import { createSectionSource, keyOf, type WantedSection } from "./section-source.js";

export interface ShownSections {
  /** The section that is wanted or, until it is here, the one before, so that no pane goes blank. */
  readonly of: Readonly<Record<Axis, ReadonlySignal<Section | undefined>>>;
  /** Fetches what the cursor comes to, until the function that it gives is called. */
  follow(): () => void;
}

export function createShownSections(
  client: Pick<EngineClient, "sections">,
  { id, shape }: TomogramInfo,
  onFailure: (error: unknown) => void,
): ShownSections {
  const of: Record<Axis, Signal<Section | undefined>> = { x: signal(), y: signal(), z: signal() };
  const wanted = (axis: Axis): WantedSection => ({
    tomogramId: id,
    axis,
    index: cursor.value[axis],
    thicknessVoxels: thicknessVoxels.value,
    lowPassAngstrom: lowPassAngstrom.value,
  });
  const hasFailed = signal(false);
  let describedKey = "";
  /** Averaging and filtering narrow the range of grey values: that of the first section as it is filtered now counts for all. */
  const describeGreys = (request: WantedSection, { values }: Section) => {
    const key = keyOf({ ...request, index: 0 });
    if (key === describedKey) return;
    describedKey = key;
    const isFiltered = (request.thicknessVoxels ?? 1) > 1 || request.lowPassAngstrom !== undefined;
    greyStatistics.value = isFiltered ? statisticsOf(values) : undefined;
  };
  const isBegun = computed(() => of.z.value !== undefined || hasFailed.value);
  const shown: Partial<Record<Axis, WantedSection>> = {};
  const show = (request: WantedSection, section: Section) => {
    if (request.axis === "z") describeGreys(request, section);
    shown[request.axis] = request;
    of[request.axis].value = section;
    if (AXES.every((axis) => of[axis].peek())) noteSeen(id);
  };
  const source = createSectionSource({
    fetch: (request) => client.sections(request),
    onArrival(request, section) {
      const now = untracked(() => wanted(request.axis));
      const last = shown[request.axis];
      if (!isOfSameFilter(request, now)) return;
      // While sections are scrolled through, whatever is nearer than what is shown is shown.
      const distance = ({ index }: WantedSection) => Math.abs(index - now.index);
      if (last && isOfSameFilter(last, now) && distance(request) > distance(last)) return;
      show(request, section);
    },
    onFailure(error) {
      hasFailed.value = true;
      noteSeen(id);
      onFailure(error);
    },
  });
  const followAxis = (axis: Axis) =>
    effect(() => {
      const request = wanted(axis);
      const count = voxelsAlong(shape, axis);
      // At first that across z alone: across the others a file is read in many small pieces, which would hold it up.
      if (axis !== "z" && !isBegun.value) return;
      if (request.index >= count) return; // the cursor is about to be moved into this tomogram
      untracked(() => {
        const section = source.at(request);
        if (section) show(request, section);
        source.want(request, count);
      });
    });
  return {
    of,
    follow() {
      const stops = (["z", "y", "x"] as const).map(followAxis); // the large one first
      return () => stops.forEach((stop) => void stop());
    },
  };
}

function isOfSameFilter(a: WantedSection, b: WantedSection): boolean {
  return keyOf({ ...a, index: 0 }) === keyOf({ ...b, index: 0 });
}
