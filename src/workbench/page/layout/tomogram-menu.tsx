import { tomogramName } from "../state/markers.js";
import { project } from "../state/project.js";
import { chooseTomogram, chosenTomogram } from "../state/tomograms.js";

/** Which of the project's tomograms is shown. */
export function TomogramMenu() {
  const { tomograms } = project.value;
  if (tomograms.length === 0) return null;
  return (
    <select
      aria-label="Tomogram"
      class="tomogram-menu"
      value={chosenTomogram.value?.id}
      onChange={({ currentTarget }) => chooseTomogram(currentTarget.value)}
    >
      {tomograms.map(({ id }) => (
        <option key={id} value={id}>
          {tomogramName(id)}
        </option>
      ))}
    </select>
  );
}
