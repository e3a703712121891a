/** The token that the server gave out with the page's address. It is taken out of the address, so that no copied link tells it. */
import { TOKEN_IN_FRAGMENT } from "../../protocol/index.js";

const KEY = "cosnet-token";

/** Undefined where neither the address nor this tab's earlier visit has one. */
export function takeToken(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get(TOKEN_IN_FRAGMENT);
  if (given === null) return sessionStorage.getItem(KEY) ?? undefined;
  sessionStorage.setItem(KEY, given);
  fragment.delete(TOKEN_IN_FRAGMENT);
  history.replaceState(null, "", `${location.pathname}${location.search}${fragment.size > 0 ? `#${fragment}` : ""}`);
  return given;
}
