import type { RunRecord } from "../../protocol/index.js";

/** Why a run failed, and what to do about it. */
export function RunFailure({ run: { error } }: { readonly run: RunRecord }) {
  return (
    <div class="note bad" role="alert">
      <p>
        {error?.where ? `${error.where}: ` : ""}
        {error?.reason ?? "The run failed."}
      </p>
      {error?.hint && <p>{error.hint}</p>}
    </div>
  );
}
