import { signal } from "@preact/signals";
import { engine } from "../state/engine.js";
import { sayFailure } from "../state/messages.js";
import { chosenInfo, chosenTomogram } from "../state/tomograms.js";
import { type Marker, TomogramView } from "../view/index.js";

const markers = signal<readonly Marker[]>([]);

/** The sections of the tomogram that is shown, or how to open one. */
export function MiddlePane() {
  const info = chosenInfo.value;
  if (!chosenTomogram.value) return <p class="empty">Open a tomogram.</p>;
  if (!info) return <p class="empty">Opening {chosenTomogram.value.path} …</p>;
  return (
    <TomogramView
      client={engine()}
      info={info}
      markers={markers}
      onClickVoxel={() => undefined}
      onFailure={sayFailure}
    />
  );
}
