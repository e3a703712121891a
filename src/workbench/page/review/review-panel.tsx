import { useSignal } from "@preact/signals";
import { AveragesTab } from "../averages/averages-tab.js";
import { results, shownRun } from "../state/results.js";
import { SurfacesTab } from "../surfaces/surfaces-tab.js";
import { CandidateDetails } from "./candidate-details.js";
import { EmbeddingMapView } from "./embedding-map-view.js";
import { Gallery } from "./gallery.js";
import { ThresholdList } from "./threshold-list.js";

const TABS = {
  ...{ thresholds: "Thresholds", gallery: "Gallery", map: "Map" },
  ...{ surfaces: "Surfaces", averages: "Averages" },
} as const;
type Tab = keyof typeof TABS;
const TAB_NAMES = Object.keys(TABS) as Tab[];

/** What came of a run, in three ways to look at it. */
export function ReviewPanel() {
  const tab = useSignal<Tab>("thresholds");
  if (!shownRun.value || !results.value) return null;
  const step = (by: number) =>
    (tab.value = TAB_NAMES[(TAB_NAMES.indexOf(tab.value) + by + TAB_NAMES.length) % TAB_NAMES.length] ?? "gallery");
  return (
    <section class="review" aria-label="Review">
      <div
        class="tabs"
        role="tablist"
        aria-label="Ways to review"
        onKeyDown={(event) => {
          if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
          event.stopPropagation();
          step(event.key === "ArrowRight" ? 1 : -1);
          event.currentTarget.querySelector<HTMLElement>(`[data-tab="${tab.value}"]`)?.focus();
        }}
      >
        {TAB_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            data-tab={name}
            aria-selected={tab.value === name}
            tabIndex={tab.value === name ? 0 : -1}
            onClick={() => (tab.value = name)}
          >
            {TABS[name]}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" aria-label={TABS[tab.value]}>
        {tab.value === "thresholds" && <ThresholdList />}
        {tab.value === "gallery" && <Gallery />}
        {tab.value === "map" && <EmbeddingMapView />}
        {tab.value === "surfaces" && <SurfacesTab />}
        {tab.value === "averages" && <AveragesTab />}
      </div>
      {tab.value !== "averages" && <CandidateDetails />}
    </section>
  );
}
