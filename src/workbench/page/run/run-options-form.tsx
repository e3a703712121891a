import { askedDevice, computeWith, DEVICES, type Device } from "../state/device.js";
import { listed } from "../state/listed.js";
import { runtime } from "../state/project.js";
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
          placeholder={listed.value ? "not used" : "usual"}
          disabled={listed.value !== undefined}
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
      {askedDevice.value && <DeviceChoice asked={askedDevice.value} />}
    </div>
  );
}

/** Computing with something else begins with loading the page again; nothing is lost by it. */
function DeviceChoice({ asked }: { readonly asked: Device }) {
  return (
    <>
      <label>
        <span>Compute with</span>
        <select value={asked} onChange={({ currentTarget }) => computeWith(currentTarget.value as Device)}>
          {Object.entries(DEVICES).map(([device, name]) => (
            <option key={device} value={device}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet">Now computing {runtime.value}.</p>
    </>
  );
}

function numberOf({ value }: HTMLInputElement): number | undefined {
  return value === "" ? undefined : Number(value);
}
