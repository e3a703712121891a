/** The page of the workbench as a person uses it, in Chromium on the real server: from opening to export, and back after a kill. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Download, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readParticles, writeMrc } from "../../src/io/index.js";
import { candidatesOf, type PoseTable, type VoxelPosition } from "../../src/workbench/protocol/index.js";
import {
  brightestPlace,
  goTo,
  hasChromium,
  launchChromium,
  openPage,
  pointAt,
  section,
  shownPosition,
} from "./browser.js";
import { BUILD_MILLISECONDS, type BuiltProgram, buildProgram } from "./program.js";

const AXES = ["z", "y", "x"] as const;
const CLASS_NAMES = ["alpha", "beta", "gamma", "delta"];
const SIMULATE =
  "simulate tomogram --procedural 4 --size 96,96,48 --particles 40 --snr 0.5 --step 6 --box 32 --edges fill --seed 3";

/** In Å: there is no particle, and less than one would fit. */
const CORNER = { x: 50, y: 50, z: 50 };

/** A guard against hanging: a run takes seconds on two quiet cores. */
const RUN_MILLISECONDS = 400_000;

describe.skipIf(!hasChromium())("the page of the workbench", () => {
  let program: BuiltProgram;
  let browser: Browser;
  beforeAll(async () => {
    program = buildProgram();
    browser = await launchChromium();
  }, BUILD_MILLISECONDS);
  afterAll(async () => {
    await browser?.close();
    program?.[Symbol.dispose]();
  }, BUILD_MILLISECONDS);

  test.each([
    { sizes: "even", shape: [20, 48, 64], voxel: { x: 37, y: 21, z: 12 } },
    { sizes: "odd", shape: [21, 47, 63], voxel: { x: 0, y: 46, z: 20 } },
  ] as const)("shows a voxel where it is, and clicks it there: $sizes sizes", async ({ sizes, shape, voxel }) => {
    const [nz, ny, nx] = shape;
    const data = new Float32Array(nz * ny * nx);
    data[(voxel.z * ny + voxel.y) * nx + voxel.x] = 100;
    writeFileSync(join(program.folder, `${sizes}.mrc`), writeMrc({ data, shape, voxelSizeAngstrom: 7.84 }));
    const workbench = await program.startWorkbench(`${sizes}.mrc`, "--project", sizes);
    const { page } = await openPage(browser, workbench.url);
    await section(page, "z").waitFor();
    await page.keyboard.press("Escape"); // a click moves the cursor, and adds no example
    for (const button of ["Crosshair", "Smooth"]) await page.getByRole("button", { name: button }).click();
    for (const axis of AXES) {
      await goTo(page, voxel);
      const { x, y } = await brightestPlace(page, axis);
      await page.mouse.click(x, y);
      expect(await shownPosition(page)).toEqual(voxel);
      await expect.poll(() => page.getByText(/^grey/).textContent()).toBe("grey 100");
      await page.mouse.move(0, 0);
      expect(await shownPosition(page)).toEqual(voxel);
    }
    await page.context().close();
    await workbench.kill("SIGINT");
  });

  test("scrolls through the sections by wheel and by keys", async () => {
    const workbench = await program.startWorkbench("--project", "even");
    const { page, complaints } = await openPage(browser, workbench.url);
    const pane = section(page, "z");
    await pane.getByText("z 10 / 19").waitFor();
    await pane.hover();
    const shownSection = async () => Number(/^z (\d+)/.exec((await pane.textContent()) ?? "")?.[1]);
    await page.keyboard.press("PageUp");
    await expect.poll(shownSection).not.toBe(10);
    await page.keyboard.press("PageDown");
    await expect.poll(shownSection).toBe(10);
    await page.mouse.wheel(0, 300);
    await expect.poll(shownSection).not.toBe(10);
    await expect.poll(() => page.url()).toContain(`cursor=32,24,${await shownSection()}`);
    expect(page.url()).not.toContain("token");
    expect(complaints).toEqual([]);
    await page.context().close();
    await workbench.kill("SIGINT");
  });

  test("finds the particles of four clicked classes; what is said of them is kept, undone and exported", async () => {
    program.run(...SIMULATE.split(" "), "--output", "simulated", "--quiet");
    const truth = readParticles(readFileSync(join(program.folder, "simulated/snr-0.5/particles.star"), "utf8"));
    const first = await program.startWorkbench("simulated/snr-0.5/tomogram.mrc", "--project", "project");
    const { page, complaints } = await openPage(browser, first.url);
    await section(page, "z").waitFor();
    for (const [index, name] of CLASS_NAMES.entries()) {
      const particle = truth.particles.find(({ classNumber }) => classNumber === index + 1);
      const { x, y, z } = particle!.positionAngstrom!;
      await clickExample(page, name, { x: Math.round(x / 10), y: Math.round(y / 10), z: Math.round(z / 10) });
    }
    const clicked = (await first.engine.state()).project;
    expect(clicked.classes.map(({ name }) => name)).toEqual(CLASS_NAMES);
    expect(clicked.examples).toHaveLength(4);

    await page.getByRole("button", { name: "Find particles" }).click();
    await page.getByRole("tab", { name: "Thresholds" }).waitFor({ timeout: RUN_MILLISECONDS });
    const [run] = (await first.engine.state()).runs;
    expect(run).toMatchObject({ state: "done" });
    // What the page saves is what the command that it tells writes.
    program.runInShell(`${run!.command} --output again --quiet`);
    const found = await exportAs(page, "RELION 5");
    expect(found).toBe(readFileSync(join(program.folder, "again/picks.star"), "utf8"));

    // Filter: fewer picks of one class.
    await page.getByRole("slider", { name: "Lowest probability of gamma" }).fill("0.9");
    const gamma = clicked.classes.find(({ name }) => name === "gamma")!;
    await expect.poll(async () => (await first.engine.state()).project.thresholds).toEqual({ [gamma.id]: 0.9 });
    const filtered = await exportAs(page, "RELION 5");
    expect(rowsOf(filtered)).toBeLessThan(rowsOf(found));

    // Correct: reject one by its key, take it back, reject it again.
    await page.getByRole("tab", { name: "Gallery" }).click();
    await page
      .getByRole("button", { name: /^alpha, probability/ })
      .first()
      .click();
    const verdicts = async () => (await first.engine.state()).project.verdicts.length;
    await page.keyboard.press("x");
    await expect.poll(verdicts).toBe(1);
    await page.keyboard.press("Control+z");
    await expect.poll(verdicts).toBe(0);
    // The page may not have heard yet that there is something to redo: the key counts all the same.
    await page.keyboard.press("Control+Shift+z");
    await expect.poll(verdicts).toBe(1);
    const corrected = await exportAs(page, "RELION 5");
    expect(rowsOf(corrected)).toBe(rowsOf(filtered) - 1);

    // Surfaces of what is left: those of the command.
    await page.getByRole("tab", { name: "Surfaces" }).click();
    await page.getByRole("button", { name: "Make surfaces" }).click();
    await page.getByRole("button", { name: "Save surfaces" }).waitFor({ timeout: RUN_MILLISECONDS });
    const segmented = (await first.engine.state()).runs[1]!;
    expect(segmented).toMatchObject({ state: "done", picks: rowsOf(corrected) });
    program.runInShell(`${segmented.command} --output shapes --quiet`);
    const [ours, others] = [`project/runs/${segmented.id}/tomogram-1`, "shapes"].map((folder) =>
      readFileSync(join(program.folder, folder, "surfaces/class-4-delta.ply")),
    ) as [Buffer, Buffer];
    expect(ours.equals(others)).toBe(true);
    const archive = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save surfaces" }).click();
    expect((await archive).suggestedFilename()).toBe("run-1-surfaces.zip");

    // An average of the class that has picks enough, where its particles are.
    await page.getByRole("tab", { name: "Averages" }).click();
    for (const name of CLASS_NAMES.slice(0, 3)) {
      const choice = page.getByRole("checkbox", { name: new RegExp(`^${name}`) });
      if (await choice.isEnabled()) await choice.uncheck();
    }
    await page.getByRole("button", { name: "Average", exact: true }).click();
    await page.getByRole("article", { name: "Average of delta" }).waitFor({ timeout: RUN_MILLISECONDS });
    const averaged = (await first.engine.state()).runs[2]!;
    const [delta] = (await first.engine.averages(averaged.id)).classes;
    expectAtParticles(delta!.map!.poses[0]!, truth);
    expect(delta!.map!.surface.indices.length).toBeGreaterThan(300);
    const report = page.context().waitForEvent("page");
    await page.getByRole("button", { name: "Open the report of this run" }).last().click();
    await (await report).getByRole("heading", { name: "delta" }).first().waitFor();
    await (await report).close();
    expect(complaints).toEqual([]);

    // Killed while it averages, and opened again, it is as it was, and goes on.
    await page.getByRole("button", { name: "Average again" }).click();
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    const { version, ...before } = await first.engine.state();
    await first.kill("SIGKILL");
    await page.context().close();
    const second = await program.startWorkbench("--project", "project");
    const { version: later, ...after } = await second.engine.state();
    const stopped = before.runs.map((one) => ({ ...one, state: one.state === "running" ? "cancelled" : one.state }));
    expect(after).toEqual({ ...before, runs: stopped });
    expect(stopped.at(-1)!.state).toBe("cancelled");
    expect(later).toBeGreaterThan(version);
    const { page: again } = await openPage(browser, second.url);
    await again.getByRole("tab", { name: "Thresholds" }).waitFor();
    expect(await exportAs(again, "RELION 5")).toBe(corrected);
    await again.getByRole("button", { name: "Go on" }).click();
    await again.getByRole("button", { name: "Cancel" }).waitFor();
    // Ctrl-C ends it properly while it goes on, and it can be taken up once more.
    expect(await second.kill("SIGINT")).toBe(0);
    await again.context().close();
    const third = await program.startWorkbench("--project", "project");
    expect((await third.engine.state()).runs.at(-1)).toMatchObject({ id: "run-4", state: "cancelled" });
    await third.engine.resumeRun("run-4");
    await expect
      .poll(async () => (await third.engine.state()).runs.at(-1)?.state, { timeout: RUN_MILLISECONDS })
      .toBe("done");
    expect((await third.engine.averages("run-4")).classes).toEqual((await third.engine.averages(averaged.id)).classes);
    await third.kill("SIGINT");
  });

  test("says what each particle of a list is that is there already", async () => {
    const workbench = await program.startWorkbench("--project", "project");
    const { page, complaints } = await openPage(browser, workbench.url);
    await page.getByRole("button", { name: "Name the particles of a list…" }).click();
    const dialog = page.getByRole("dialog", { name: "Name the particles of a list" });
    await dialog.getByLabel("Path of a list").fill("simulated/snr-0.5/elsewhere.star");
    await page.keyboard.press("Enter");
    await dialog.getByText("elsewhere.star").waitFor(); // that there is no such list
    const truth = readParticles(readFileSync(join(program.folder, "simulated/snr-0.5/particles.star"), "utf8"));
    const places = [...truth.particles.map(({ positionAngstrom }) => positionAngstrom!), CORNER];
    const rows = ["x_angstrom,y_angstrom,z_angstrom", ...places.map(({ x, y, z }) => [x, y, z].join())];
    writeFileSync(join(program.folder, "matched.csv"), rows.join("\n"));
    await dialog.getByLabel("Path of a list").fill(join(program.folder, "matched.csv"));
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Name particles again" }).waitFor({ timeout: RUN_MILLISECONDS });
    const run = (await workbench.engine.state()).runs.at(-1)!;
    expect(run).toMatchObject({ state: "done", candidates: 41 });
    program.runInShell(`${run.command} --output named --quiet`);
    const [ours, others] = [`project/runs/${run.id}`, "named"].map((folder) =>
      readFileSync(join(program.folder, folder, "candidates.star"), "utf8"),
    );
    expect(ours).toBe(others);
    // What is none of the classes is a circle like the others, until it is not to be seen.
    const none = candidatesOf(await workbench.engine.results(run.id)).find(({ rejection }) => rejection !== "pick")!;
    const { x, y, z } = none.position;
    await goTo(page, { x: Math.round(x), y: Math.round(y), z: Math.round(z) });
    // In the page there is a DOM, of which these tests have no types.
    const drawn = () =>
      section(page, "z")
        .locator("canvas")
        .last()
        .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    const layer = page.getByRole("button", { name: "None of these", exact: true });
    const before = await drawn();
    await layer.click();
    await expect.poll(drawn).not.toBe(before);
    await layer.click();
    await expect.poll(drawn).toBe(before);
    await page.getByRole("button", { name: "Search instead" }).click();
    await page.getByRole("button", { name: "Find particles again" }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
    await workbench.kill("SIGINT");
  });
});

/** Adds an example as a person does who sees one there, and says what it is. */
async function clickExample(page: Page, className: string, position: VoxelPosition): Promise<void> {
  await goTo(page, position);
  await page.keyboard.press("n");
  await pointAt(page, "z", position);
  await page.mouse.down();
  await page.mouse.up();
  await page.getByRole("textbox", { name: "Name of a new class" }).fill(className);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}

/** The text of the list that the export dialog gives. */
async function exportAs(page: Page, format: string): Promise<string> {
  await page.getByRole("button", { name: "Export…" }).click();
  const choice = page.getByRole("combobox", { name: "Format" });
  const label = await choice.getByRole("option", { name: format }).first().textContent();
  await choice.selectOption(label ?? format);
  const lists: Download[] = [];
  page.on("download", (download) => lists.push(download));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect.poll(() => lists.find((file) => file.suggestedFilename() === "picks.star")).toBeDefined();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  page.removeAllListeners("download");
  const list = lists.find((file) => file.suggestedFilename() === "picks.star");
  return readFileSync(await list!.path(), "utf8");
}

/** Most of what is averaged is where particles are, all of it near enough to be one's neighbour. */
function expectAtParticles({ count, positions }: PoseTable, { particles }: ReturnType<typeof readParticles>): void {
  const distances = Array.from({ length: count }, (_, pose) => {
    const [x = 0, y = 0, z = 0] = positions.subarray(3 * pose, 3 * pose + 3);
    return Math.min(
      ...particles.map(({ positionAngstrom: at }) => Math.hypot(at!.x / 10 - x, at!.y / 10 - y, at!.z / 10 - z)),
    );
  }).sort((a, b) => a - b);
  expect(count).toBeGreaterThan(5);
  expect(distances[Math.floor(count / 2)]).toBeLessThan(3);
}

/** How many particles a STAR list has. */
function rowsOf(list: string): number {
  return readParticles(list).particles.length;
}
