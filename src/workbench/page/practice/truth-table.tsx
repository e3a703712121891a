import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TruthComparison } from "../../protocol/index.js";
import { percentText } from "../parts/number-text.js";
import { colourOf, nameOf } from "../state/class-style.js";
import { engine } from "../state/engine.js";
import { orSay } from "../state/messages.js";
import { project } from "../state/project.js";

/** How many picks are right, and how many particles were found, class by class; again after every correction. */
export function TruthTable({ runId }: { readonly runId: string }) {
  const truth = useSignal<TruthComparison | undefined>(undefined);
  const { verdicts, thresholds } = project.value;
  useEffect(() => {
    void orSay(engine().compareWithTruth(runId)).then((compared) => (truth.value = compared ?? truth.value));
  }, [runId, verdicts, thresholds]);
  if (!truth.value) return <p class="quiet">Comparing…</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">class</th>
          <th scope="col" title="Right picks of all picks">
            precision
          </th>
          <th scope="col" title="Found particles of all that are there">
            recall
          </th>
        </tr>
      </thead>
      <tbody>
        {truth.value.classes.map(({ classId, truths, picks, right }) => (
          <tr key={classId}>
            <th scope="row">
              <span class="swatch" style={{ background: colourOf(classId) }} /> {nameOf(classId)}
            </th>
            <td>
              {percentText(right / picks)} <span class="quiet">of {picks}</span>
            </td>
            <td>
              {percentText(right / truths)} <span class="quiet">of {truths}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
