import { MiddlePane } from "./middle-pane.js";
import { TopBar } from "./top-bar.js";

/** The whole page: what it is about on the left, sections in the middle, what is done with it on the right. */
export function Workbench() {
  return (
    <>
      <TopBar />
      <aside class="side left" aria-label="Classes and examples" />
      <main class="middle">
        <MiddlePane />
      </main>
      <aside class="side right" aria-label="Run and review" />
    </>
  );
}
