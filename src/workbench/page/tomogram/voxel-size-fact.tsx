import { useSignal } from "@preact/signals";
import type { TomogramInfo } from "../../protocol/index.js";
import { angstromText } from "../parts/number-text.js";
import { project, take } from "../state/project.js";

/** The voxel size with its source, and a field to say another. */
export function VoxelSizeFact({ info }: { readonly info: TomogramInfo }) {
  const isEdited = useSignal(false);
  const given = useSignal("");
  const own = project.value.tomograms.find(({ id }) => id === info.id);
  const say = async (voxelSizeAngstrom: number | undefined) => {
    if (await take({ type: "describe-tomogram", id: info.id, contrast: own?.contrast, voxelSizeAngstrom }))
      isEdited.value = false;
  };
  const edit = () => {
    given.value = String(info.voxelSizeAngstrom);
    isEdited.value = true;
  };
  return (
    <div>
      <dt>Voxel size</dt>
      {isEdited.value ? (
        <dd>
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault();
              void say(given.value.trim() === "" ? undefined : Number(given.value));
            }}
          >
            <input
              class="wide-input"
              aria-label="Voxel size in Å; empty for that of the file"
              placeholder="that of the file"
              inputMode="decimal"
              value={given}
              onInput={({ currentTarget }) => (given.value = currentTarget.value)}
            />
            <button type="submit">Set</button>
          </form>
        </dd>
      ) : (
        <dd>
          {angstromText(info.voxelSizeAngstrom)} <span class="quiet">{info.voxelSizeSource}</span>{" "}
          <button type="button" class="link" onClick={edit}>
            change
          </button>
        </dd>
      )}
    </div>
  );
}
