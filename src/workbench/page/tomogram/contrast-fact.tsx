import type { TomogramInfo } from "../../protocol/index.js";
import { project, take } from "../state/project.js";
import { measurementOf } from "./measurements.js";

/** Whether particles are dark or bright, as measured or as a person says. */
export function ContrastFact({ info }: { readonly info: TomogramInfo }) {
  const own = project.value.tomograms.find(({ id }) => id === info.id);
  const measured = measurementOf(info.id);
  const contrast = own?.contrast ?? measured?.contrast;
  const say = (said: "dark" | "bright" | undefined) =>
    void take({ type: "describe-tomogram", id: info.id, voxelSizeAngstrom: own?.voxelSizeAngstrom, contrast: said });
  if (!contrast)
    return (
      <div>
        <dt>Contrast</dt>
        <dd class="quiet">being measured…</dd>
      </div>
    );
  const other = contrast === "dark" ? "bright" : "dark";
  return (
    <>
      <div>
        <dt>Contrast</dt>
        <dd>
          {contrast} particles <span class="quiet">{own?.contrast ? "as you said" : "as measured"}</span>{" "}
          <button type="button" class="link" title={measured?.contrastText} onClick={() => say(other)}>
            they are {other}
          </button>
        </dd>
      </div>
      {measured && (
        <div>
          <dt>Measured</dt>
          <dd class="quiet">{measured.asMeasured}</dd>
        </div>
      )}
    </>
  );
}
