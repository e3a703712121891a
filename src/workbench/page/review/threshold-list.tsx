import { countText, percentText } from "../parts/number-text.js";
import { planeWarnings } from "../state/oddities.js";
import { classes } from "../state/project.js";
import { candidates, picks, shownRequest } from "../state/results.js";
import { expectedPrecision } from "./picks-in-numbers.js";
import { ThresholdSlider } from "./threshold-slider.js";

/** For each class how probable a pick must be, and what comes of that. */
export function ThresholdList() {
  const precision = expectedPrecision(picks.value);
  return (
    <div class="threshold-list">
      <p class="quiet">
        {countText(picks.value.length, "pick")} in all
        {picks.value.length > 0 && <>; {percentText(precision)} of them expected to be right</>}
        {shownRequest.value?.listed && (
          <>; {countText(candidates.value.length - picks.value.length, "particle")} of the list are none of these</>
        )}
        . Move a threshold to trade one for the other.
      </p>
      {planeWarnings.value.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
      {classes.value.map((item) => (
        <ThresholdSlider key={item.id} item={item} />
      ))}
    </div>
  );
}
