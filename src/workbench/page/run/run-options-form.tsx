import { pickRequest } from "../state/runs.js";

/** What most people never need. */
export function RunOptionsForm() {
  const { particleDiameterAngstrom, detectionThreshold, closedSet = false, masks = false } = pickRequest.value;
  const set = (change: Partial<typeof pickRequest.value>) => (pickRequest.value = { ...pickRequest.value, ...change });
  return (
    <div class="options">
      <label>
        <span>Particle diameter (Å)</span>
        <input
          type="number"
          min="20"
          max="2000"
          step="10"
          placeholder="as measured"
          value={particleDiameterAngstrom}
          onInput={({ currentTarget }) => set({ particleDiameterAngstrom: numberOf(currentTarget) })}
        />
      </label>
      <label>
        <span>Lowest detection score</span>
        <input
          type="number"
          min="0"
          max="1"
          step="0.05"
          placeholder="usual"
          value={detectionThreshold}
          onInput={({ currentTarget }) => set({ detectionThreshold: numberOf(currentTarget) })}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={closedSet}
          onChange={({ currentTarget }) => set({ closedSet: currentTarget.checked })}
        />
        <span>Everything is one of the classes</span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={masks}
          onChange={({ currentTarget }) => set({ masks: currentTarget.checked })}
        />
        <span>Masks of the particles, too (slower)</span>
      </label>
    </div>
  );
}

function numberOf({ value }: HTMLInputElement): number | undefined {
  return value === "" ? undefined : Number(value);
}
