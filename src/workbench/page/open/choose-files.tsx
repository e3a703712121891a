import { useRef } from "preact/hooks";
import { Icon } from "../parts/icon.js";
import { byteText, percentText } from "../parts/number-text.js";
import { handover, openFiles } from "../state/open-files.js";
import { about } from "../state/project.js";

/** A file of this computer, by the browser's own dialog or dropped anywhere on the page. */
export function ChooseFiles({ onOpened }: { readonly onOpened?: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const isLocal = about.value?.isLocal ?? false;
  const choose = async (files: FileList | null) => {
    if (files && files.length > 0 && (await openFiles([...files]))) onOpened?.();
  };
  return (
    <div class="choose-files">
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files of tomograms"
        onChange={({ currentTarget }) => choose(currentTarget.files)}
      />
      {handover.value ? (
        <HandoverBar />
      ) : (
        <>
          <button type="button" class={isLocal ? "" : "primary large"} onClick={() => input.current?.click()}>
            <Icon name="file" />
            Choose a file…
          </button>
          <span class="quiet">
            or drop one anywhere on this page.{" "}
            {isLocal
              ? "It is copied into the project; large files open faster by path."
              : "It does not leave this computer."}
          </span>
        </>
      )}
    </div>
  );
}

function HandoverBar() {
  if (!handover.value) return null;
  const { name, doneBytes, totalBytes } = handover.value;
  return (
    <>
      <progress aria-label={`Handing over ${name}`} max={totalBytes} value={doneBytes} />
      <span class="quiet">
        {name}: {percentText(doneBytes / Math.max(1, totalBytes))} of {byteText(totalBytes)}
      </span>
    </>
  );
}
