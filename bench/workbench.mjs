// What the page of the workbench does in Chromium: npm run bench:workbench
// How soon the first section of a 2 GB tomogram is drawn, how many sections a second are drawn while 512x512 voxels scroll by, how much
// memory the server takes, and how large the page's own code is, compressed.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { createRandom } from "../dist/volume/index.js";

const ROOT = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "cosnet-bench-"));
const scrollSeconds = 5;

try {
  writeNoise("large.mrc", 1024, 1000);
  writeNoise("scrolled.mrc", 512, 200);
  const first = await inWorkbench("large.mrc", firstSectionMilliseconds);
  console.log(`first section of ${(statSync(join(folder, "large.mrc")).size / 1e9).toFixed(1)} GB: ${first.result} ms`);
  console.log(`server, largest resident size: ${first.megabytes} MB`);
  const scrolled = await inWorkbench("scrolled.mrc", drawnSections);
  console.log(`scrolling 512x512: ${scrolled.result.toFixed(1)} sections drawn a second`);
  console.log(`server, largest resident size: ${scrolled.megabytes} MB`);
  for (const [name, bytes] of codeSizes()) console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB compressed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** An int16 MRC file of noise, `edge` squared in each section. */
function writeNoise(name, edge, sections) {
  const header = new DataView(new ArrayBuffer(1024));
  const integers = [edge, edge, sections, 1, 0, 0, 0, edge, edge, sections];
  for (const [i, value] of integers.entries()) header.setInt32(4 * i, value, true);
  for (const [i, size] of [edge, edge, sections].entries()) header.setFloat32(40 + 4 * i, size * 10, true);
  for (const i of [0, 1, 2]) header.setFloat32(52 + 4 * i, 90, true);
  for (const i of [0, 1, 2]) header.setInt32(64 + 4 * i, i + 1, true);
  header.setInt32(208, 0x2050414d, true); // "MAP "
  header.setInt32(212, 0x00004444, true);
  const random = createRandom("bench");
  const noise = Int16Array.from({ length: 2 * edge * edge }, () => random.uniform(-1000, 1000));
  const file = openSync(join(folder, name), "w");
  writeSync(file, new Uint8Array(header.buffer));
  for (let z = 0; z < sections; z++) {
    const start = (z * 7919) % (edge * edge);
    writeSync(file, new Uint8Array(noise.buffer, 2 * start, 2 * edge * edge));
  }
  closeSync(file);
}

/** Opens a tomogram in a workbench of its own; gives what was measured in the page, and the server's largest size. */
async function inWorkbench(name, measure) {
  const cli = join(ROOT, "dist/cli/main.js");
  const server = spawn(process.execPath, [cli, "workbench", name, "--project", `${name}.project`, "--no-open"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((done) => server.once("exit", done));
  const url = await new Promise((done) => server.stdout.on("data", (text) => done(/http\S+/.exec(text)?.[0])));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const result = await measure(page, url);
    const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
    return { result, megabytes: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1000) };
  } finally {
    await browser.close();
    server.kill("SIGINT");
    await exited;
  }
}

/** From the beginning of the navigation until the section across z is drawn. */
async function firstSectionMilliseconds(page, url) {
  await page.addInitScript(() => {
    const look = () => {
      const canvas = document.querySelector("[data-axis=z] canvas");
      const middle = canvas?.width > 1 ? [canvas.width >> 1, canvas.height >> 1, 8, 8] : undefined;
      const pixels = middle && canvas.getContext("2d").getImageData(...middle).data;
      if (pixels?.some((value, at) => at % 4 === 0 && value > 0)) globalThis.drawnAt = Math.round(performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(url);
  return (await page.waitForFunction(() => globalThis.drawnAt, undefined, { timeout: 120_000 })).jsonValue();
}

/** A step at every frame; counted are those frames in which another section was there. */
async function drawnSections(page, url) {
  await firstSectionMilliseconds(page, url);
  await page.locator("[data-axis=z]").focus();
  return page.evaluate(async (seconds) => {
    const pane = document.querySelector("[data-axis=z]");
    const canvas = pane.querySelector("canvas");
    const start = performance.now();
    let [drawn, last] = [0, ""];
    let key = "PageUp";
    while (performance.now() - start < 1000 * seconds) {
      pane.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
      const now = canvas
        .getContext("2d")
        .getImageData(canvas.width >> 1, canvas.height >> 1, 8, 8)
        .data.join();
      if (now !== last) drawn++;
      last = now;
      if (/z 199 /.test(pane.textContent)) key = "PageDown";
      if (/z 0 /.test(pane.textContent)) key = "PageUp";
    }
    return drawn / seconds;
  }, scrollSeconds);
}

/** The page's own code: all of it, and each file. */
function codeSizes() {
  const page = join(ROOT, "dist/workbench/page");
  const files = readdirSync(page, { recursive: true }).filter((name) => name.endsWith(".br"));
  const sizes = files.map((name) => [name.replace(/\.br$/, ""), statSync(join(page, name)).size]);
  return [["the page's own code", sizes.reduce((sum, [, size]) => sum + size, 0)], ...sizes];
}
