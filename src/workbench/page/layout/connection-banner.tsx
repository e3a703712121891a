import { isConnected } from "../state/project.js";

/** Over the page while the engine cannot be reached. */
export function ConnectionBanner() {
  if (isConnected.value) return null;
  return (
    <div class="banner" role="alert">
      Connection to cosnet lost. What you did before is saved. Trying again… If you stopped{" "}
      <code>cosnet workbench</code>, start it again and open the address that it prints.
    </div>
  );
}
