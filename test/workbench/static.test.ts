/** The site without a server in Chromium: open a tomogram, click, run, export, and find all again in the next visit. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/workbench/engine/index.js";
import type { VoxelPosition } from "../../src/workbench/protocol/index.js";
import { goTo } from "./browser.js";
import { hasChromium, launchChromium } from "./chromium.js";
import { clickAndRun } from "./drive.js";
import { BUILD_MILLISECONDS } from "./program.js";
import { type StaticSite, serveSite } from "./static-site.js";
import { twoClasses } from "./two-classes.js";

/** Guards against hanging: a run takes a page some tens of seconds on two quiet cores. */
const RUN_MILLISECONDS = 500_000;

/** Of positions in Å and of scores: sums in another order change the last digits that a list has. */
const TOLERANCE = 0.01;

const { bytes, clicks } = twoClasses();

describe.skipIf(!hasChromium)("the site without a server (in Chromium, where it is installed)", () => {
  let folder: string;
  let site: StaticSite;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cosnet-static-"));
    writeFileSync(join(folder, "TS_01.mrc"), bytes);
    [site, browser] = await Promise.all([serveSite(), launchChromium()]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    page = await context.newPage();
    page.setDefaultTimeout(RUN_MILLISECONDS);
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("request", (request) => !request.url().startsWith(site.url) && problems.push(request.url()));
    await page.goto(site.url);
  }, BUILD_MILLISECONDS);
  afterAll(async () => {
    await browser?.close();
    site?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a file of this computer is opened and its sections are drawn", async () => {
    await page.getByLabel("Files of tomograms").setInputFiles(join(folder, "TS_01.mrc"));
    await page.getByLabel("Section across z").waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  test("particles are clicked and named", async () => {
    for (const { position, className } of clicks) await clickParticle(page, position, className);
    const cards = page.getByRole("region", { name: "Classes" });
    for (const name of ["small", "large"]) await cards.getByText(name, { exact: true }).first().waitFor();
  });

  test(
    "the picks that are exported are those of cosnet pick",
    async () => {
      await page.getByRole("button", { name: "Find particles", exact: true }).click();
      await page.getByRole("button", { name: "Find particles again" }).waitFor();
      expect(differenceOf(await exportedList(page), await nativeList(folder))).toBeLessThan(TOLERANCE);
    },
    RUN_MILLISECONDS,
  );

  test("the next visit finds the project, its tomogram and its run", async () => {
    await page.goto("about:blank");
    await page.goto(site.url);
    await page.getByLabel("Section across z").waitFor();
    await page.getByRole("button", { name: "Find particles again" }).waitFor();
    expect(await exportedList(page)).toMatch(/ large\n/);
  });

  test("another tab is told that the project is open here", async () => {
    const other = await page.context().newPage();
    await other.goto(site.url);
    await other.getByText("open in another tab of this browser").waitFor();
    await other.close();
  });

  test("nothing came from elsewhere, nothing went wrong, and no byte of the tomogram was sent", () => {
    expect(problems).toEqual([]);
    expect(site.requests.filter((path) => path.includes("TS_01"))).toEqual([]);
  });
});

/** By keys: the link puts the cursor there, and Enter is a click at the cursor. */
async function clickParticle(page: Page, position: VoxelPosition, className: string): Promise<void> {
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

async function exportedList(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Export…" }).click();
  const downloads = page.waitForEvent("download", (download) => download.suggestedFilename() === "picks.star");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const list = await readFile(await (await downloads).path(), "utf8");
  await page.keyboard.press("Escape");
  return list;
}

async function nativeList(folder: string): Promise<string> {
  const shared = { runtime: "test", isLocal: true };
  await using engine = await openEngine({ ...shared, projectFolder: join(folder, "project"), openedFolders: [folder] });
  const { run } = await clickAndRun(engine, join(folder, "TS_01.mrc"), clicks);
  const [list] = await engine.exportPicks(run.id, "relion5");
  return new TextDecoder().decode(list!.bytes);
}

/** The largest difference of two numbers in the same place; infinite where words differ. Comments name the run. */
function differenceOf(list: string, other: string): number {
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
