import { computed } from "@preact/signals";
import { ClickStrip } from "../classes/click-strip.js";
import { moveExample } from "../classes/example-moves.js";
import { Welcome } from "../open/welcome.js";
import { clickVoxel } from "../state/click-target.js";
import { engine } from "../state/engine.js";
import { clickMarker, markers } from "../state/markers.js";
import { sayFailure } from "../state/messages.js";
import { segmentRun } from "../state/outcome/further-runs.js";
import { placedAverages } from "../state/outcome/placed-averages.js";
import { shownRequest, shownRun } from "../state/results.js";
import { chosenInfo, chosenTomogram } from "../state/tomograms.js";
import { NotOpen } from "../tomogram/not-open.js";
import { TomogramView } from "../view/index.js";

const masksRunId = computed(() => segmentRun.value?.id ?? (shownRequest.value?.masks ? shownRun.value?.id : undefined));

/** The sections of the tomogram that is shown, or how to open one. */
export function MiddlePane() {
  const tomogram = chosenTomogram.value;
  const info = chosenInfo.value;
  if (!tomogram) return <Welcome />;
  if (!info) return <NotOpen tomogram={tomogram} />;
  return (
    <>
      <ClickStrip />
      <TomogramView
        client={engine()}
        info={info}
        markers={markers}
        masksRunId={masksRunId}
        averages={placedAverages}
        onClickVoxel={addByClick}
        onMoveMarker={moveMarker}
        onClickMarker={clickMarker}
        onFailure={sayFailure}
      />
    </>
  );
}

function addByClick(position: Parameters<typeof clickVoxel>[0]): void {
  void clickVoxel(position);
}

function moveMarker(id: string, position: Parameters<typeof moveExample>[1]): void {
  void moveExample(id, position);
}
