/** What tests of the site without a server have in common. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { readParticles } from "../../src/io/index.js";
import { openEngine } from "../../src/workbench/engine/index.js";
import type { PickRequest, TruthComparison, VoxelPosition } from "../../src/workbench/protocol/index.js";
import { goTo } from "./browser.js";
import { click, runToEnd } from "./drive.js";
import type { SmallTomogram } from "./small-tomograms.js";
import type { StaticSite } from "./static-site.js";

/** Guards against hanging: a run takes a page some tens of seconds on two quiet cores. */
export const RUN_MILLISECONDS = 500_000;

/** The site in a new window; what it complains of, or asks others than the site for, is noted. */
export async function openSite(
  context: BrowserContext,
  { url }: StaticSite,
  query = "",
): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.setDefaultTimeout(RUN_MILLISECONDS);
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => !request.url().startsWith(url) && problems.push(request.url()));
  await page.goto(url + query);
  return { page, problems };
}

/** By keys: the link puts the cursor there, and Enter is a click at the cursor. */
export async function clickParticle(page: Page, position: VoxelPosition, className: string): Promise<void> {
  await goTo(page, position);
  await page.getByLabel("Section across z").focus();
  await page.keyboard.press("n");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  const known = dialog.getByRole("button", { name: className, exact: true });
  if ((await known.count()) > 0) await known.click();
  else {
    await dialog.getByLabel("Name of a new class").fill(className);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
  }
  await dialog.waitFor({ state: "detached" });
}

/** In the practice: the cursor is at the particle, and its name is in the dialog. */
export async function clickAsToldByCoach(page: Page): Promise<void> {
  await page.getByLabel("Section across z").focus();
  await page.keyboard.press("n");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** By keys, to the section before the one that is shown and back. */
export async function scrollAcrossZ(page: Page, shown: string): Promise<void> {
  const pane = page.getByLabel("Section across z");
  await pane.getByText(shown).waitFor();
  await pane.hover();
  await page.keyboard.press("PageUp");
  await pane.getByText(shown).waitFor({ state: "detached" });
  await page.keyboard.press("PageDown");
  await pane.getByText(shown).waitFor();
}

/** Rejects the first pick of a class, takes that back and rejects it again, as quickly as keys can be pressed. */
export async function rejectTwice(page: Page, className: string): Promise<void> {
  await page.getByRole("tab", { name: "Gallery" }).click();
  await page
    .getByRole("button", { name: new RegExp(`^${className}, probability`) })
    .first()
    .click();
  for (const key of ["x", "Control+z", "Control+Shift+z"]) await page.keyboard.press(key);
}

/** The text of the list that the export dialog gives, RELION's unless another is chosen. */
export async function exportedList(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Export…" }).click();
  const downloads = page.waitForEvent("download", (download) => download.suggestedFilename() === "picks.star");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const list = await readFile(await (await downloads).path(), "utf8");
  await page.keyboard.press("Escape");
  return list;
}

/** What `cosnet pick` finds natively by the same clicks; what does not depend on what is asked for is computed once. */
export interface NativeSearches extends AsyncDisposable {
  /** The list, as RELION's. */
  search(options?: Omit<PickRequest, "kind">): Promise<string>;
}

export async function openNative(folder: string, { file, clicks, networks }: NativeInput): Promise<NativeSearches> {
  const shared = { runtime: "test", isLocal: true, ...(networks && { networks }) };
  const engine = await openEngine({ ...shared, projectFolder: join(folder, "project"), openedFolders: [folder] });
  const { project } = await engine.take({ type: "add-tomogram", path: join(folder, file) });
  await click(engine, project.tomograms[0]!.id, clicks);
  return {
    async search(options = {}) {
      const { id } = await runToEnd(engine, options);
      const [list] = await engine.exportPicks(id, "relion5");
      return new TextDecoder().decode(list!.bytes);
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** What the practice comes to natively, by the clicks that it suggests and its closed set: the picks, and how they compare with the truth. */
export async function nativePractice(
  folder: string,
): Promise<{ readonly list: string; readonly truth: TruthComparison }> {
  const project = { projectFolder: join(folder, "practice"), openedFolders: [folder] };
  await using engine = await openEngine({ runtime: "test", isLocal: true, ...project });
  const { tomogramId, suggestions } = await engine.startPractice();
  await click(engine, tomogramId, suggestions);
  const { id } = await runToEnd(engine, { closedSet: true });
  const [list] = await engine.exportPicks(id, "relion5");
  return { list: new TextDecoder().decode(list!.bytes), truth: await engine.compareWithTruth(id) };
}

interface NativeInput {
  readonly file: string;
  readonly clicks: SmallTomogram["clicks"];
  readonly networks?: Parameters<typeof openEngine>[0]["networks"];
}

/** How many particles a list has. */
export function rowsOf(list: string): number {
  return readParticles(list).particles.length;
}

/** The largest difference of two numbers in the same place; infinite where words differ. Comments name the run. */
export function differenceOf(list: string, other: string): number {
  const [words, others] = [list, other].map((text) => text.replace(/^#.*$/gm, "").trim().split(/\s+/)) as [
    string[],
    string[],
  ];
  if (words.length !== others.length) return Number.POSITIVE_INFINITY;
  const differences = words.map((word, index) => {
    if (word === others[index]) return 0;
    const difference = Math.abs(Number(word) - Number(others[index]));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  });
  return Math.max(...differences);
}
