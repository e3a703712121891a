import type { TomogramInfo } from "../../protocol/index.js";
import { project, take } from "../state/project.js";
import { measurementOf } from "./measurements.js";

type Contrast = "dark" | "bright";

/** Whether particles are dark or bright, as measured or as a person says. */
export function ContrastFact({ info }: { readonly info: TomogramInfo }) {
  const own = project.value.tomograms.find(({ id }) => id === info.id);
  const measured = measurementOf(info.id);
  const measurement = typeof measured === "string" ? undefined : measured;
  const contrast = own?.contrast ?? measurement?.contrast;
  const say = (said: Contrast) =>
    void take({ type: "describe-tomogram", id: info.id, voxelSizeAngstrom: own?.voxelSizeAngstrom, contrast: said });
  return (
    <>
      <div>
        <dt>Contrast</dt>
        <dd>
          {contrast ? (
            <>
              {contrast} particles <span class="quiet">{own?.contrast ? "as you said" : "as measured"}</span>
            </>
          ) : (
            <span class="quiet">{measured === "failed" ? "not known" : "being measured…"}</span>
          )}{" "}
          {CONTRASTS.filter((other) => other !== contrast && (contrast || measured === "failed")).map((other) => (
            <button key={other} type="button" class="link" title={measurement?.contrastText} onClick={() => say(other)}>
              they are {other}
            </button>
          ))}
        </dd>
      </div>
      {measurement && (
        <div>
          <dt>Measured</dt>
          <dd class="quiet">{measurement.asMeasured}</dd>
        </div>
      )}
    </>
  );
}

const CONTRASTS: readonly Contrast[] = ["dark", "bright"];
