import { openDialog } from "../state/dialogs.js";
import { classes, examples, project } from "../state/project.js";
import { results } from "../state/results.js";
import { ClassGroup } from "./class-group.js";
import { ExampleList } from "./example-list.js";

/** The classes with their examples, and what is of none of them. */
export function ClassPanel() {
  const negatives = examples.value.filter(({ classId }) => classId === null);
  return (
    <section class="panel" aria-label="Classes">
      <header>
        <h2>Classes</h2>
        {classes.value.length > 0 && (
          <span class="count quiet" aria-hidden="true">
            {results.value ? "picks" : "examples"}
          </span>
        )}
      </header>
      {classes.value.length === 0 && <NoClasses />}
      <ul class="class-list">
        {classes.value.map((item, index) => (
          <ClassGroup key={item.id} item={item} number={index + 1} />
        ))}
      </ul>
      {negatives.length > 0 && (
        <section class="class-group" aria-label="None of these">
          <h3 class="negatives">
            <span class="swatch none" />
            None of these <span class="quiet">{negatives.length}</span>
          </h3>
          <ExampleList examples={negatives} />
        </section>
      )}
      {project.value.tomograms.length > 0 && (
        <button type="button" class="link" onClick={() => (openDialog.value = "import")}>
          Examples from a list…
        </button>
      )}
    </section>
  );
}

function NoClasses() {
  const hasTomogram = project.value.tomograms.length > 0;
  return (
    <p class="quiet">
      {hasTomogram
        ? "Click a particle in a section and say what it is. One of each kind is enough to begin."
        : "The kinds of particles that you click will be listed here."}
    </p>
  );
}
