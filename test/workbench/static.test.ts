/** The site without a server in Chromium: open a tomogram, click, run, export, and find all again in the next visit. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readParticles } from "../../src/io/index.js";
import { hasChromium, launchChromium, VIEWPORT } from "./chromium.js";
import { BUILD_MILLISECONDS } from "./program.js";
import { fourClasses } from "./small-tomograms.js";
import { type StaticSite, serveSite } from "./static-site.js";
import {
  clickAsToldByCoach,
  clickParticle,
  differenceOf,
  exportedList,
  type NativeSearches,
  nativePractice,
  openNative,
  openSite,
  RUN_MILLISECONDS,
  rejectTwice,
  rowsOf,
  scrollAcrossZ,
} from "./static-steps.js";

/** Of positions in Å and of scores: sums in another order change the last digits that a list has. */
const TOLERANCE = 0.01;

const { bytes, clicks, particles } = fourClasses();
const CLASS_NAMES = clicks.map(({ className }) => className);

describe.skipIf(!hasChromium)("the site without a server (in Chromium, where it is installed)", () => {
  let folder: string;
  let site: StaticSite;
  let browser: Browser;
  let page: Page;
  let problems: readonly string[];
  let native: NativeSearches;
  /** What has been exported last. */
  let exported: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cosnet-static-"));
    writeFileSync(join(folder, "TS_01.mrc"), bytes);
    native = await openNative(folder, { file: "TS_01.mrc", clicks });
    [site, browser] = await Promise.all([serveSite(), launchChromium()]);
    ({ page, problems } = await openSite(await browser.newContext({ viewport: VIEWPORT }), site));
  }, BUILD_MILLISECONDS);
  afterAll(async () => {
    await browser?.close();
    await native?.[Symbol.asyncDispose]();
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

  test("one particle of each of four classes is clicked and named", async () => {
    expect(new Set(CLASS_NAMES).size).toBe(4);
    for (const { position, className } of clicks) await clickParticle(page, position, className);
    const cards = page.getByRole("region", { name: "Classes" });
    for (const name of CLASS_NAMES) await cards.getByText(name, { exact: true }).first().waitFor();
  });

  test(
    "the picks that are exported are those of cosnet pick",
    async () => {
      await page.getByRole("button", { name: "Find particles", exact: true }).click();
      await page.getByRole("button", { name: "Find particles again" }).waitFor();
      exported = await exportedList(page);
      expect(differenceOf(exported, await native.search())).toBeLessThan(TOLERANCE);
      for (const name of CLASS_NAMES) expect([name, ofClass(name, exported).length]).toEqual([name, 2]);
    },
    RUN_MILLISECONDS,
  );

  test(
    "particles of a list that is there already are what cosnet pick says that they are",
    async () => {
      const rows = particles.map(({ position: { x, y, z } }) => [10 * x, 10 * y, 10 * z].join());
      const path = join(folder, "matched.csv");
      writeFileSync(path, ["x_angstrom,y_angstrom,z_angstrom", ...rows].join("\n"));
      await page.getByRole("button", { name: "Options" }).click();
      await page.getByLabel("Everything is one of the classes").check();
      await page.getByRole("button", { name: "Name the particles of a list…" }).click();
      await page.getByLabel("File of a list").setInputFiles(path);
      await page.getByRole("button", { name: "Name particles again" }).waitFor();
      const named = await exportedList(page);
      const listed = { path, tomogramId: "tomogram-1" };
      expect(differenceOf(named, await native.search({ listed, closedSet: true }))).toBeLessThan(TOLERANCE);
      for (const name of CLASS_NAMES) expect([name, ofClass(name, named).length]).toEqual([name, 2]);
      await page.goto(`${site.url}#run=run-1`); // back to what the search has found
      await page.getByRole("button", { name: "Find particles again" }).waitFor();
      expect(await exportedList(page)).toBe(exported);
    },
    RUN_MILLISECONDS,
  );

  test("a threshold takes the picks below it away", async () => {
    const below = ofClass("large", exported).filter(({ extra }) => Number(extra.cosnetProbability) < 0.99);
    expect(below.length).toBeGreaterThan(0);
    await page.getByRole("slider", { name: "Lowest probability of large" }).fill("0.99");
    await expect.poll(async () => rowsOf(await exportedList(page))).toBe(rowsOf(exported) - below.length);
  });

  test("a pick is rejected, taken back and rejected again, as quickly as keys can be pressed", async () => {
    const before = rowsOf(await exportedList(page));
    await rejectTwice(page, "small");
    await expect.poll(async () => rowsOf((exported = await exportedList(page)))).toBe(before - 1);
  });

  test("the next visit finds the project, its tomogram and its run", async () => {
    await page.goto("about:blank");
    await page.goto(`${site.url}#run=run-1`);
    await page.getByLabel("Section across z").waitFor();
    await page.getByRole("button", { name: "Find particles again" }).waitFor();
    expect(await exportedList(page)).toBe(exported);
  });

  test("and goes on where the last one has ended: what was rejected is undone", async () => {
    await page.keyboard.press("Control+z");
    await expect.poll(async () => rowsOf(await exportedList(page))).toBe(rowsOf(exported) + 1);
  });

  test(
    "the practice leads from its button to the picks of cosnet pick, and says how many of them are right",
    async () => {
      using plain = await serveSite({ isIsolated: false }); // as servers are that are told nothing: one thread computes
      const { page: own, problems: complaints } = await openSite(
        await browser.newContext({ viewport: VIEWPORT }),
        plain,
      );
      await own.getByRole("button", { name: "Try it on a practice tomogram" }).click();
      await own.getByLabel("Section across z").waitFor();
      expect(await own.evaluate(() => crossOriginIsolated)).toBe(false);
      const coach = own.getByRole("region", { name: "Practice" });
      for (const particle of [1, 2, 3, 4]) {
        await coach.getByText(`particle ${particle} of 4`).waitFor();
        await clickAsToldByCoach(own);
      }
      await own.getByRole("button", { name: "Options" }).click();
      await own.getByLabel("Everything is one of the classes").check(); // made-up complexes are compared with in the search above
      await own.getByRole("button", { name: "Find particles", exact: true }).click();
      await own.getByRole("button", { name: "Find particles again" }).waitFor();
      const { list, truth } = await nativePractice(folder);
      expect(differenceOf(await exportedList(own), list)).toBeLessThan(TOLERANCE);
      const rows = await coach.getByRole("row").allTextContents();
      const percent = (part: number) => `${Math.round(100 * part)} %`;
      const told = truth.classes.map(
        ({ right, picks, truths }) => `${percent(right / picks)} of ${picks}${percent(right / truths)} of ${truths}`,
      );
      expect(rows.slice(1).map((row) => row.replace(/^\D*/, ""))).toEqual(told);
      expect(complaints).toEqual([]);
      await own.context().close();
    },
    RUN_MILLISECONDS,
  );

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

/** Of a list, those of one class. */
function ofClass(name: string, list: string) {
  return readParticles(list).particles.filter(({ className }) => className === name);
}
