/** The site without a server in Chromium: open a tomogram, click, run, export, and find all again in the next visit. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, launchChromium } from "./chromium.js";
import { BUILD_MILLISECONDS } from "./program.js";
import { type StaticSite, serveSite } from "./static-site.js";
import {
  clickParticle,
  differenceOf,
  exportedList,
  nativeList,
  openSite,
  RUN_MILLISECONDS,
  rejectTwice,
  rowsOf,
  scrollAcrossZ,
} from "./static-steps.js";
import { twoClasses } from "./two-classes.js";

/** Of positions in Å and of scores: sums in another order change the last digits that a list has. */
const TOLERANCE = 0.01;

const { bytes, clicks } = twoClasses();

describe.skipIf(!hasChromium)("the site without a server (in Chromium, where it is installed)", () => {
  let folder: string;
  let site: StaticSite;
  let browser: Browser;
  let page: Page;
  let problems: readonly string[];
  /** What has been exported last. */
  let exported: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cosnet-static-"));
    writeFileSync(join(folder, "TS_01.mrc"), bytes);
    [site, browser] = await Promise.all([serveSite(), launchChromium()]);
    ({ page, problems } = await openSite(browser, site));
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

  test("the sections are scrolled through by keys", async () => {
    await scrollAcrossZ(page, "z 32 / 63");
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
      exported = await exportedList(page);
      expect(differenceOf(exported, await nativeList(folder, { file: "TS_01.mrc", clicks }))).toBeLessThan(TOLERANCE);
    },
    RUN_MILLISECONDS,
  );

  test("a threshold takes the picks below it away", async () => {
    const below = exported.split("\n").filter((line) => line.endsWith(" large") && Number(line.split(/\s+/)[10]) < 1);
    expect(below.length).toBeGreaterThan(0);
    await page.getByRole("slider", { name: "Lowest probability of large" }).fill("1");
    await expect.poll(async () => rowsOf(await exportedList(page))).toBe(rowsOf(exported) - below.length);
  });

  test("a pick is rejected, taken back and rejected again, as quickly as keys can be pressed", async () => {
    const before = rowsOf(await exportedList(page));
    await rejectTwice(page, "small");
    await expect.poll(async () => rowsOf((exported = await exportedList(page)))).toBe(before - 1);
  });

  test("the next visit finds the project, its tomogram and its run", async () => {
    await page.goto("about:blank");
    await page.goto(site.url);
    await page.getByLabel("Section across z").waitFor();
    await page.getByRole("button", { name: "Find particles again" }).waitFor();
    expect(await exportedList(page)).toBe(exported);
  });

  test("and goes on where the last one has ended: what was rejected is undone", async () => {
    await page.keyboard.press("Control+z");
    await expect.poll(async () => rowsOf(await exportedList(page))).toBe(rowsOf(exported) + 1);
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
