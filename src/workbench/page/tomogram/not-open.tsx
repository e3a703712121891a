import type { ProjectTomogram } from "../../protocol/index.js";
import { closeTomogram } from "../state/open-files.js";
import { failures, openAgain } from "../state/tomograms.js";

/** In place of a tomogram's sections: that it is on its way, or why it cannot be opened and what to do. */
export function NotOpen({ tomogram }: { readonly tomogram: ProjectTomogram }) {
  const failure = failures.value.get(tomogram.id);
  if (!failure) return <p class="empty">Opening {tomogram.path} …</p>;
  return (
    <div class="empty" role="alert">
      <p>
        <b>{tomogram.path} cannot be opened.</b>
      </p>
      <p>{failure.reason}</p>
      {failure.hint && <p>{failure.hint}</p>}
      <p class="row">
        <button type="button" onClick={() => openAgain(tomogram)}>
          Try again
        </button>
        <button type="button" onClick={() => void closeTomogram(tomogram.id)}>
          Take out of the project
        </button>
      </p>
    </div>
  );
}
