/** Chromium, as Debian has it, without a window, and how a person finds things in the page of the workbench. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";
import type { Axis, VoxelPosition } from "../../src/workbench/protocol/index.js";

const CHROMIUM = "/usr/bin/chromium";

/**
 * Whether the tests that need a browser run. Without one they are skipped on somebody's own computer, with a line that says so; where
 * CI is set they run, and fail.
 */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM) || process.env.CI !== undefined) return true;
  console.warn(`${CHROMIUM} is not there: the workbench is not tried in a browser (Debian: apt-get install chromium)`);
  return false;
}

/** @param features more of Chromium's own options. */
export function launchChromium(...features: readonly string[]): Promise<Browser> {
  const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet, ...features],
  });
}

/** A page that notes whatever it complains of. */
export async function openPage(browser: Browser, url: string): Promise<{ page: Page; complaints: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // What the engine refuses the page itself tells; the browser notes the status, too.
    if (["error", "warning"].includes(message.type()) && !message.text().includes("status of 422"))
      complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  await page.goto(url);
  return { page, complaints };
}

export function section(page: Page, axis: Axis): Locator {
  return page.getByRole("application", { name: `Section across ${axis}` });
}

/** The position in voxels that the page shows: where the pointer is, else of the cursor. */
export async function shownPosition(page: Page): Promise<VoxelPosition> {
  const text = await page.getByRole("status", { name: "Position in voxels" }).textContent();
  const [x, y, z] = (text?.match(/-?\d+/g) ?? []).map(Number);
  return { x: x ?? Number.NaN, y: y ?? Number.NaN, z: z ?? Number.NaN };
}

/** Where in a pane a voxel is that the section goes through, found by pointing at two places and reading what the page says. */
export async function pointAt(page: Page, axis: Axis, voxel: VoxelPosition): Promise<void> {
  const box = await section(page, axis).boundingBox();
  if (!box) throw new Error(`there is no section across ${axis}`);
  const [horizontal, vertical] = ({ z: ["x", "y"], y: ["x", "z"], x: ["z", "y"] } as const)[axis];
  const at = async (right: number, down: number) => {
    await page.mouse.move(box.x + right, box.y + down);
    return shownPosition(page);
  };
  const [left, top] = [box.width * 0.4, box.height * 0.4];
  const [near, far] = [await at(left, top), await at(box.width * 0.6, box.height * 0.6)];
  const across = (far[horizontal] - near[horizontal]) / (box.width * 0.2);
  const down = (far[vertical] - near[vertical]) / (box.height * 0.2);
  let place = [left + (voxel[horizontal] - near[horizontal]) / across, top + (voxel[vertical] - near[vertical]) / down];
  for (let step = 0; step < 20; step++) {
    const shown = await at(place[0]!, place[1]!);
    const [missedAcross, missedDown] = [voxel[horizontal] - shown[horizontal], voxel[vertical] - shown[vertical]];
    if (missedAcross === 0 && missedDown === 0) return;
    place = [place[0]! + missedAcross / across / 2, place[1]! + missedDown / down / 2];
  }
  expect(await shownPosition(page)).toEqual(voxel);
}

/** Has the sections go through a voxel, as a link does; once more where the page was just writing its own. */
export async function goTo(page: Page, { x, y, z }: VoxelPosition): Promise<void> {
  await page.waitForURL(/cursor=/);
  const indices = [section(page, "x").getByText(`x ${x} /`), section(page, "y").getByText(`y ${y} /`)];
  indices.push(section(page, "z").getByText(`z ${z} /`));
  await expect
    .poll(
      async () => {
        const url = new URL(page.url());
        const fragment = new URLSearchParams(url.hash.slice(1));
        fragment.set("cursor", `${x},${y},${z}`);
        url.hash = fragment.toString();
        await page.goto(url.href);
        return Promise.all(indices.map((index) => index.waitFor({ timeout: 2000 }))).then(
          () => true,
          () => false,
        );
      },
      { timeout: 60_000 },
    )
    .toBe(true);
}

/** Where on the page, in its own pixels, the brightest place of a section is drawn. */
export async function brightestPlace(page: Page, axis: Axis): Promise<{ readonly x: number; readonly y: number }> {
  const pane = section(page, axis);
  const box = await pane.boundingBox();
  const place = await pane
    .locator("canvas")
    .first()
    .evaluate((canvas) => {
      // In the page there is a DOM, of which these tests have no types.
      const { width, height, clientWidth, getContext } = canvas as unknown as {
        readonly width: number;
        readonly height: number;
        readonly clientWidth: number;
        getContext(kind: "2d"): { getImageData(...box: number[]): { readonly data: Uint8ClampedArray } };
      };
      const { data } = getContext.call(canvas, "2d").getImageData(0, 0, width, height);
      let [sum, x, y] = [0, 0, 0];
      const most = data.reduce((largest, value, at) => (at % 4 === 0 && value > largest ? value : largest), 0);
      for (let at = 0; at < width * height; at++) {
        if (data[4 * at] !== most) continue;
        sum++;
        x += (at % width) + 0.5;
        y += Math.floor(at / width) + 0.5;
      }
      const pixelRatio = width / clientWidth;
      return { x: x / sum / pixelRatio, y: y / sum / pixelRatio };
    });
  if (!box) throw new Error(`there is no section across ${axis}`);
  return { x: box.x + place.x, y: box.y + place.y };
}
