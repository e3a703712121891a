/**
 * The site without a server by WebGPU, in Chromium on SwiftShader, the graphics processor in software that comes with it. That takes
 * seconds for a box and half a minute for a small tile, so the tomogram is as small as can be searched.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, reopenChromium, SWIFTSHADER } from "./chromium.js";
import { BUILD_MILLISECONDS } from "./program.js";
import { oneOfThreeClasses } from "./small-tomograms.js";
import { type StaticSite, serveSite } from "./static-site.js";
import {
  clickParticle,
  differenceOf,
  exportedList,
  openNative,
  openSite,
  rejectTwice,
  rowsOf,
  scrollAcrossZ,
} from "./static-steps.js";

/** Of positions in Å and of scores: sums in another order change the last digits that a list has. */
const TOLERANCE = 0.01;

const { bytes, clicks, particles } = oneOfThreeClasses();
const isThere = hasChromium && existsSync(SWIFTSHADER);

describe.skipIf(!isThere)("the site by WebGPU (in Chromium with SwiftShader, where that is installed)", () => {
  let folder: string;
  let site: StaticSite;
  /** The browser with what it has kept. */
  const reopen = () => reopenChromium(join(folder, "profile"));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cosnet-webgpu-"));
    writeFileSync(join(folder, "TS_01.mrc"), bytes);
    site = await serveSite();
  }, BUILD_MILLISECONDS);
  afterAll(() => {
    site?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a graphics processor in software is not taken unless it is asked for", async () => {
    await using browser = await reopen();
    const { page, problems } = await openSite(browser, site);
    await page.getByRole("button", { name: "Options" }).click();
    await page.getByText(/^Now computing in this page, WebAssembly, .*the graphics processor is a program/).waitFor();
    expect(problems).toEqual([]);
  });

  test("picks by WebGPU are those of cosnet pick in the same precision, and are reviewed and kept", async () => {
    await using browser = await reopen();
    const { page, problems } = await openSite(browser, site);
    await page.getByRole("button", { name: "Options" }).click();
    await page.getByLabel("Compute with").selectOption("WebGPU");
    await page.waitForURL(/device=webgpu/);
    await page.getByLabel("Files of tomograms").setInputFiles(join(folder, "TS_01.mrc"));
    await scrollAcrossZ(page, "z 8 / 15");
    await page.getByRole("button", { name: "Options" }).click();
    await page.getByLabel("Everything is one of the classes").check();
    await page.getByText("Now computing in this page, WebGPU.").waitFor(); // the models have been tried
    for (const { position, className } of clicks) await clickParticle(page, position, className);
    await page.getByRole("button", { name: "Find particles", exact: true }).click();
    await page.getByRole("button", { name: "Find particles again" }).waitFor();
    const list = await exportedList(page);
    expect(list).toMatch(/cosnet\.onnx \(sha256 [0-9a-f]+\), computed by WebGPU/);
    expect(list).toMatch(/detector\.onnx \(sha256 [0-9a-f]+\), computed by WebGPU/);
    const networks = { precision: "float32" } as const;
    await using native = await openNative(folder, { file: "TS_01.mrc", clicks, networks });
    const picked = await native.search({ closedSet: true });
    expect(rowsOf(picked)).toBe(particles.length);
    expect(differenceOf(list, picked)).toBeLessThan(TOLERANCE);

    // what was found is filtered and corrected as anywhere else
    const count = async () => rowsOf(await exportedList(page));
    await page.getByRole("slider", { name: "Lowest probability of third" }).fill("0.97"); // what is of none of the classes
    await expect.poll(count).toBe(particles.length - 1);
    await rejectTwice(page, "small");
    await expect.poll(count).toBe(particles.length - 2);
    const corrected = await exportedList(page);
    expect(problems).toEqual([]);
    await browser.close();

    // and the next visit goes on with it: in a browser opened again, whose graphics processor has nothing left to compute
    await using later = await reopen();
    const { page: next, problems: complaints } = await openSite(later, site);
    await next.getByRole("button", { name: "Find particles again" }).waitFor();
    expect(await exportedList(next)).toBe(corrected);
    await next.keyboard.press("Control+z");
    await expect.poll(async () => rowsOf(await exportedList(next))).toBe(particles.length - 1);
    expect(complaints).toEqual([]);
  });
});
