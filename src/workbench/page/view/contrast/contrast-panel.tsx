/** How grey values are shown: contrast, slab, low-pass. */
import { useComputed } from "@preact/signals";
import type { TomogramInfo } from "../../../protocol/index.js";
import { greyRange, isInverted, lowPassAngstrom, thicknessVoxels } from "../../state/view.js";
import { HistogramSlider } from "./histogram-slider.js";

/** Odd, so that the section of the cursor is in the middle of its slab. */
const THICKNESSES = [1, 3, 5, 7, 9, 11, 15, 21, 31, 51] as const;
const LOW_PASSES_ANGSTROM = [10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400] as const;
/** Finer than two voxels there is nothing to filter; coarser than this nothing is left. */
const FEWEST_VOXELS = 2;
const MOST_VOXELS = 20;

export function ContrastPanel({ info }: { readonly info: TomogramInfo }) {
  const { voxelSizeAngstrom } = info;
  const isAutomatic = useComputed(() => greyRange.value === undefined);
  const depth = Math.max(...info.shape);
  return (
    <fieldset class="contrast" aria-label="Contrast and filter">
      <HistogramSlider />
      <div class="contrast-buttons">
        <button
          type="button"
          aria-pressed={isAutomatic.value}
          onClick={() => void (greyRange.value = undefined)}
          title="Grey values that suit the tomogram"
        >
          Auto
        </button>
        <button
          type="button"
          aria-pressed={isInverted.value}
          onClick={() => void (isInverted.value = !isInverted.value)}
          title="Show dark as bright (I)"
        >
          Invert
        </button>
      </div>
      <label>
        Slab
        <select
          value={String(thicknessVoxels.value)}
          onChange={({ currentTarget }) => void (thicknessVoxels.value = Number(currentTarget.value))}
        >
          {withOwn(
            THICKNESSES.filter((thickness) => thickness <= depth),
            thicknessVoxels.value,
          ).map((thickness) => (
            <option key={thickness} value={String(thickness)}>
              {thickness === 1 ? "1 section" : `${thickness} · ${nanometre(thickness * voxelSizeAngstrom)} nm`}
            </option>
          ))}
        </select>
      </label>
      <label>
        Low-pass
        <select
          value={String(lowPassAngstrom.value ?? "")}
          onChange={({ currentTarget }) =>
            void (lowPassAngstrom.value = currentTarget.value === "" ? undefined : Number(currentTarget.value))
          }
        >
          <option value="">none</option>
          {withOwn(lowPasses(voxelSizeAngstrom), lowPassAngstrom.value).map((angstrom) => (
            <option key={angstrom} value={String(angstrom)}>
              {angstrom} Å
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}

function lowPasses(voxelSizeAngstrom: number): number[] {
  return LOW_PASSES_ANGSTROM.filter(
    (angstrom) => angstrom > FEWEST_VOXELS * voxelSizeAngstrom && angstrom <= MOST_VOXELS * voxelSizeAngstrom,
  );
}

/** Choices, with one that a link may have brought. */
function withOwn(choices: readonly number[], own: number | undefined): number[] {
  return own === undefined ? [...choices] : [...new Set([...choices, own])].sort((a, b) => a - b);
}

function nanometre(angstrom: number): string {
  return String(Number((angstrom / 10).toPrecision(2)));
}
