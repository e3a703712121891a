import { useEffect } from "preact/hooks";
import type { TomogramInfo } from "../../protocol/index.js";
import { project, take } from "../state/project.js";
import { measure, measurementOf } from "./measurements.js";

type Contrast = "dark" | "bright";
const CONTRASTS: readonly Contrast[] = ["dark", "bright"];

/** Up to this size a look at the whole file takes some seconds; larger ones are measured when a person or a run wants it. */
const MEASURED_UNASKED_BYTES = 150e6;

/** Whether particles are dark or bright, as measured or as a person says. */
export function ContrastFact({ info }: { readonly info: TomogramInfo }) {
  const { id, byteLength } = info;
  const own = project.value.tomograms.find((tomogram) => tomogram.id === id);
  const measured = measurementOf(id);
  const known = typeof measured === "object" ? measured : undefined;
  const contrast = own?.contrast ?? known?.contrast;
  useEffect(() => {
    if (byteLength <= MEASURED_UNASKED_BYTES) void measure(id);
  }, [id, byteLength]);
  const say = (said: Contrast) =>
    void take({ type: "describe-tomogram", id, voxelSizeAngstrom: own?.voxelSizeAngstrom, contrast: said });
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
            <Unknown
              measured={measured}
              isLarge={byteLength > MEASURED_UNASKED_BYTES}
              onMeasure={() => void measure(id)}
            />
          )}{" "}
          {(contrast || measured === "failed") &&
            CONTRASTS.filter((other) => other !== contrast).map((other) => (
              <button key={other} type="button" class="link" title={known?.contrastText} onClick={() => say(other)}>
                they are {other}
              </button>
            ))}
        </dd>
      </div>
      {known && (
        <div>
          <dt>Measured</dt>
          <dd class="quiet">{known.asMeasured}</dd>
        </div>
      )}
    </>
  );
}

interface UnknownProps {
  readonly measured: ReturnType<typeof measurementOf>;
  readonly isLarge: boolean;
  readonly onMeasure: () => void;
}

function Unknown({ measured, isLarge, onMeasure }: UnknownProps) {
  if (measured === "failed") return <span class="quiet">not known</span>;
  if (measured === "coming" || !isLarge) return <span class="quiet">being measured…</span>;
  return (
    <>
      <span class="quiet">measured by a run, or</span>{" "}
      <button type="button" class="link" onClick={onMeasure}>
        now
      </button>
    </>
  );
}
