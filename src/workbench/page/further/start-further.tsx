import type { ComponentChildren } from "preact";
import type { RunRequest } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { runs } from "../state/project.js";
import { beginRun, runIsStarting } from "../state/runs.js";

interface StartFurtherProps {
  readonly request: RunRequest;
  readonly label: string;
  /** Nothing was made yet: it is what one comes here for. */
  readonly isFirst: boolean;
  /** Why it cannot begin. */
  readonly missing: string | undefined;
  readonly children: ComponentChildren;
}

/** Says what will be made, and begins it. */
export function StartFurther({ request, label, isFirst, missing, children }: StartFurtherProps) {
  const running = runs.value.find(({ state }) => state === "running");
  const reason = missing ?? (running && "A run is going on: wait for its end, or cancel it.");
  return (
    <>
      {children}
      <button
        type="button"
        class={isFirst ? "primary" : ""}
        disabled={reason !== undefined || runIsStarting.value}
        onClick={() => void beginRun(request)}
      >
        <Icon name="play" />
        {label}
      </button>
      {reason && <p class="quiet">{reason}</p>}
    </>
  );
}
