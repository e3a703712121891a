import type { TomogramInfo } from "../../protocol/index.js";
import { byteText } from "../parts/number-text.js";
import { closeTomogram } from "../state/open-files.js";
import { chosenInfo } from "../state/tomograms.js";
import { ContrastFact } from "./contrast-fact.js";
import { VoxelSizeFact } from "./voxel-size-fact.js";

/** What the tomogram is taken for, each of which a person can correct. */
export function TomogramPanel() {
  const info = chosenInfo.value;
  if (!info) return null;
  return (
    <details class="panel tomogram" open>
      <summary>
        <h2>Tomogram</h2>
        <span class="quiet" title={byteText(info.byteLength)}>
          {summaryOf(info)}
        </span>
      </summary>
      <dl class="facts">
        <VoxelSizeFact key={info.id} info={info} />
        <ContrastFact info={info} />
      </dl>
      {info.warnings.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
      <button type="button" class="link" onClick={() => void closeTomogram(info.id)}>
        Take out of the project
      </button>
    </details>
  );
}

/** "256 × 256 × 100, MRC" */
function summaryOf({ shape: [nz, ny, nx], kind }: TomogramInfo): string {
  return `${nx} × ${ny} × ${nz}, ${kind.toUpperCase()}`;
}
