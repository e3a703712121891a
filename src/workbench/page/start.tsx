import { render } from "preact";
import type { EngineClient } from "../protocol/index.js";
import { followJudgements } from "./classes/judgements.js";
import { followShortcuts } from "./keyboard/shortcuts.js";
import { Workbench } from "./layout/workbench.js";
import { connectEngine } from "./state/engine.js";
import { followListed } from "./state/listed.js";
import { followFlags } from "./state/outcome/flags.js";
import { followFoundSoFar } from "./state/outcome/found-so-far.js";
import { followFurtherRuns } from "./state/outcome/further-runs.js";
import { followProject } from "./state/project.js";
import { followResults } from "./state/results.js";
import { followTheme } from "./state/theme.js";
import { followTomograms } from "./state/tomograms.js";
import { followLink } from "./view/index.js";

function root(): HTMLElement {
  const element = document.getElementById("workbench");
  if (!element) throw new Error("index.html has no element #workbench");
  return element;
}

/** Shows the workbench over an engine, as soon as that tells its project. */
export async function startPage(client: EngineClient): Promise<void> {
  followTheme();
  connectEngine(client);
  followLink();
  try {
    await followProject();
    followTomograms();
    followResults();
    followListed();
    followFlags();
    followFurtherRuns();
    followFoundSoFar();
    followJudgements();
    followShortcuts();
  } catch (error) {
    showFailure("The workbench cannot be shown.", error instanceof Error ? error.message : String(error));
    throw error;
  }
  render(<Workbench />, root());
}

/** In place of the workbench: why there is none, and what to do. */
export function showFailure(reason: string, hint: string): void {
  render(
    <div class="failure" role="alert">
      <h1>{reason}</h1>
      <p>{hint}</p>
    </div>,
    root(),
  );
}
