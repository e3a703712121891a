import type { RunRecord } from "../../protocol/index.js";
import { countText } from "../parts/number-text.js";

/** What a run has warned of, folded. */
export function RunWarnings({ run: { warnings } }: { readonly run: RunRecord }) {
  if (warnings.length === 0) return null;
  return (
    <details class="note">
      <summary>{countText(warnings.length, "warning")} of this run</summary>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
}
