import { useSignal } from "@preact/signals";
import { RunTools } from "../further/run-tools.js";
import { StartFurther } from "../further/start-further.js";
import { angstromText, countText } from "../parts/number-text.js";
import { RunWarnings } from "../run/run-warnings.js";
import { colourOf } from "../state/class-style.js";
import { segmentation, segmentRun } from "../state/outcome/further-runs.js";
import { picks, shownRun } from "../state/results.js";
import { layers, mode } from "../state/view.js";

/** Masks and surfaces of the picks: how they are made, and how large the particles are. */
export function SurfacesTab() {
  const isJoint = useSignal(false);
  const run = segmentRun.value;
  const ofRunId = shownRun.value?.id;
  if (ofRunId === undefined) return null;
  return (
    <div class="further">
      {run && <Made />}
      <StartFurther
        request={{ kind: "segment", ofRunId, ...(isJoint.value && { joint: true }) }}
        label={run ? "Make surfaces again" : "Make surfaces"}
        isFirst={!run}
        missing={picks.value.length === 0 ? "There are no picks: lower a threshold." : undefined}
      >
        {run ? (
          run.picks !== picks.value.length && (
            <p class="note">
              These are of {countText(run.picks ?? 0, "pick")}; after thresholds and your verdicts there are{" "}
              {picks.value.length} now.
            </p>
          )
        ) : (
          <p class="quiet">
            Outlines each of the {countText(picks.value.length, "pick")} in 3-D, as they stand after thresholds and your
            verdicts. The outlines appear in the sections and in 3-D.
          </p>
        )}
        <label class="check">
          <input
            type="checkbox"
            checked={isJoint.value}
            onChange={({ currentTarget }) => (isJoint.value = currentTarget.checked)}
          />
          <span>Particles touch: decide together where one ends (slower)</span>
        </label>
      </StartFurther>
    </div>
  );
}

/** Sizes class by class, and what to do with it. */
function Made() {
  const results = segmentation.value;
  const run = segmentRun.value;
  if (!results || !run) return <p class="quiet">Reading…</p>;
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col">surfaces</th>
            <th
              scope="col"
              title="Of the sphere of the same volume: the middle one, and between which half of them are"
            >
              diameter
            </th>
          </tr>
        </thead>
        <tbody>
          {results.classes.map(({ classId, name, particles, medianDiameterAngstrom, quartileDiametersAngstrom }) => (
            <tr key={classId}>
              <th scope="row">
                <span class="swatch" style={{ background: colourOf(classId) }} /> {name}
              </th>
              <td>{particles}</td>
              <td>
                {Number.isNaN(medianDiameterAngstrom) ? (
                  "–"
                ) : (
                  <>
                    {angstromText(Math.round(medianDiameterAngstrom))}{" "}
                    <span class="quiet">({quartileDiametersAngstrom.map((value) => Math.round(value)).join("–")})</span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {results.doubts.length > 0 && (
        <ul class="note">
          {results.doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </ul>
      )}
      <RunTools run={run} format="surfaces" saveLabel="Save surfaces">
        <button type="button" class="small" disabled={mode.value === "volume"} onClick={showInSpace}>
          Show in 3-D
        </button>
      </RunTools>
      <RunWarnings run={run} />
    </>
  );
}

function showInSpace(): void {
  layers.value = { ...layers.value, masks: true };
  mode.value = "volume";
}
