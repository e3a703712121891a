/** The tomogram in 3-D: its box, sections, particles and masks. What draws it is loaded when it is first wanted. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { hovered } from "../../state/view.js";
import type { ViewModel } from "../sections/view-model.js";
import type { VolumeScene } from "./scene.js";

const WITHOUT_WEBGL =
  "The 3-D view needs WebGL 2, which this browser does not offer, or its settings forbid. The sections do without.";

export function VolumeView({ model }: { readonly model: ViewModel }) {
  const frame = useRef<HTMLDivElement>(null);
  const scene = useSignal<VolumeScene | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  const clip = useSignal(0);
  const showsSections = useSignal(true);
  useEffect(() => {
    let isOver = false;
    const open = async () => {
      const element = frame.current;
      if (!element) return;
      if (!hasWebgl()) {
        failure.value = WITHOUT_WEBGL;
        return;
      }
      const { createVolumeScene } = await import("./scene.js");
      if (!isOver) scene.value = createVolumeScene(element, model);
    };
    open().catch((error: unknown) => {
      failure.value = `The 3-D view cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    });
    return () => {
      isOver = true;
      scene.peek()?.dispose();
      scene.value = undefined;
    };
  }, [model, scene, failure]);
  useSignalEffect(() => {
    scene.value?.show({ clippedBelow: clip.value, showsSections: showsSections.value });
  });
  const label = model.markers.value.find(({ id }) => id === hovered.value)?.label;
  const [depth] = model.info.shape;
  if (failure.value) return <p class="volume-failure">{failure.value}</p>;
  return (
    <div class="volume">
      <div
        class="volume-frame"
        ref={frame}
        role="application"
        aria-label="Tomogram in 3-D"
        aria-description="Drag to rotate, drag with the right button to move, wheel to zoom; arrow keys rotate"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is interactive, whatever its element
        tabIndex={0}
        onKeyDown={(event) => {
          if (scene.peek()?.press(event.key)) event.preventDefault();
        }}
      />
      <div class="volume-tools">
        <label>
          <input
            type="checkbox"
            checked={showsSections.value}
            onChange={({ currentTarget }) => void (showsSections.value = currentTarget.checked)}
          />
          Sections
        </label>
        <label>
          Clip below z
          <input
            type="range"
            min={0}
            max={depth - 1}
            value={clip.value}
            onInput={({ currentTarget }) => void (clip.value = currentTarget.valueAsNumber)}
          />
          <output>{clip.value}</output>
        </label>
        <button type="button" onClick={() => scene.peek()?.reset()}>
          Reset view
        </button>
      </div>
      <p class="volume-label">{label}</p>
    </div>
  );
}

function hasWebgl(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext(); // browsers keep no more than some
  return context !== null;
}
