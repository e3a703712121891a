/** Shows the page in the browser of this desktop, where there is one. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { privateFile } from "../../files/disk/index.js";

const OPENERS: Readonly<Record<string, readonly [command: string, ...options: string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/**
 * Opens a file that leads to the page, rather than its link: other people on this computer see what programs are called with, and
 * the link has the token. Whatever fails, the link has been printed.
 * @param folder where the file lies until what this gives is disposed of.
 */
export async function openPage(url: string, folder: string): Promise<AsyncDisposable> {
  const path = join(folder, ".open-the-workbench.html");
  const file = await privateFile(path, `<!doctype html>\n<meta http-equiv="refresh" content="0; url=${url}">\n`);
  const [command, ...options] = OPENERS[process.platform] ?? (["xdg-open"] as const);
  const opener = spawn(command, [...options, path], { detached: true, stdio: "ignore", windowsHide: true });
  opener.on("error", () => {}); // no such program
  opener.unref();
  return file;
}

/** Whether somebody sits before this computer, rather than at the other end of a connection. */
export function hasDesktop(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (environment.SSH_CONNECTION !== undefined || environment.CI !== undefined) return false;
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}
