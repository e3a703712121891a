import { IconButton } from "../parts/icon-button.js";
import { closeMessage, messages } from "../state/messages.js";
import { isConnected } from "../state/project.js";

/** What went wrong and what was done, in the lower corner; read out as it comes. */
export function Messages() {
  return (
    <div class="messages" role="log" aria-label="Messages">
      {messages.value.map(({ id, kind, text, hint }) => (
        <div key={id} class={`message ${kind}`} role={kind === "failure" ? "alert" : "status"}>
          <div>
            <p>{text}</p>
            {hint && <p class="quiet">{hint}</p>}
          </div>
          <IconButton icon="cross" label="Close this message" onClick={() => closeMessage(id)} />
        </div>
      ))}
    </div>
  );
}

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
