import { closeMessage, messages } from "../state/messages.js";
import { IconButton } from "./icon-button.js";

/** What went wrong and what was done, in the lower corner, and in an open dialog; read out as it comes. */
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
