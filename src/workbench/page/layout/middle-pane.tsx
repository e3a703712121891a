import { engine } from "../state/engine.js";
import { sayFailure } from "../state/messages.js";
import { chosenInfo, chosenTomogram } from "../state/tomograms.js";
import { TomogramView } from "../view/index.js";

/** The sections of the tomogram that is shown, or how to open one. */
export function MiddlePane() {
  const info = chosenInfo.value;
  if (!chosenTomogram.value) return <p class="empty">Open a tomogram.</p>;
  if (!info) return <p class="empty">Opening {chosenTomogram.value.path} …</p>;
  return (
    <TomogramView client={engine()} info={info} markers={[]} onClickVoxel={() => undefined} onFailure={sayFailure} />
  );
}
