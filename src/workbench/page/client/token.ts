/** The token that the server gave out with the page's address. It is taken out of the address, so that no copied link tells it. */

const KEY = "cosnet-token";

/** Undefined where neither the address nor this tab's earlier visit has one. */
export function takeToken(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("token");
  if (given === null) return sessionStorage.getItem(KEY) ?? undefined;
  sessionStorage.setItem(KEY, given);
  fragment.delete("token");
  history.replaceState(null, "", `${location.pathname}${location.search}${fragment.size > 0 ? `#${fragment}` : ""}`);
  return given;
}
