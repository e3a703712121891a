import { Icon } from "../parts/icon.js";
import { StageProgress } from "../run/stage-progress.js";
import { openDialog } from "../state/dialogs.js";
import { beginPractice, practiceIsComing } from "../state/practice.js";
import { about } from "../state/project.js";
import { ChooseFiles } from "./choose-files.js";

/** What a new project begins with. */
export function Welcome() {
  return (
    <div class="welcome">
      <h1>Click one particle of each kind, see all the others</h1>
      <ol class="steps">
        <li>
          <b>Open a tomogram</b>
          MRC, EM, OME-Zarr, HDF5 or TIFF.
        </li>
        <li>
          <b>Click one particle of each kind</b>
          and say what it is.
        </li>
        <li>
          <b>Find particles</b>
          then look through them, correct, export.
        </li>
      </ol>
      <div class="row">
        {about.value?.isLocal && (
          <button type="button" class="primary large" onClick={() => (openDialog.value = "open")}>
            <Icon name="folder" />
            Open a tomogram…
          </button>
        )}
        <button type="button" class="large" disabled={practiceIsComing.value} onClick={() => void beginPractice()}>
          <Icon name="play" />
          {practiceIsComing.value ? "Making a practice tomogram…" : "Try it on a practice tomogram"}
        </button>
      </div>
      {practiceIsComing.value ? (
        <StageProgress runId="practice" note="It takes less than a minute, once." />
      ) : (
        <ChooseFiles />
      )}
    </div>
  );
}
