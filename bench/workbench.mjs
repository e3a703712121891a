// What the page of the workbench does in Chromium: npm run bench:workbench
// How soon the first sections of a 2 GB tomogram are drawn across z, y and x, and the next one across x; how many frames and sections
// a second are drawn while 512x512 voxels scroll by, across z and x; how much memory the server takes; and how large the page's own code
// is, compressed. The files are in the system's memory when they are opened: a disk adds its own time. Processor time is printed beside
// what it depends on, for a machine that does something else as well makes everything later.
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
  const gigabytes = (statSync(join(folder, "large.mrc")).size / 1e9).toFixed(1);
  const first = await inWorkbench("large.mrc", firstSections);
  const { z, y, x, coarse, next, other } = first.result;
  console.log(`${gigabytes} GB of int16, from the navigation on: first section across z ${z} ms, y ${y} ms, x ${x} ms`);
  console.log(
    `another across x: seen coarsely after ${coarse} ms, exactly after ${other} ms; the next one after ${next} ms`,
  );
  console.log(`server, largest resident size: ${first.megabytes} MB`);
  for (const axis of ["z", "x"]) {
    const { result, megabytes } = await inWorkbench("scrolled.mrc", (page, url) => scrolled(page, url, axis));
    const { frames, sections, processor } = result;
    console.log(
      `scrolling 512x512x200 across ${axis}: ${frames} frames and ${sections} new sections a second; processor ${processor} ms a frame`,
    );
    console.log(`server, largest resident size: ${megabytes} MB`);
  }
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
  const cli = join(ROOT, "dist/program/cosnet.js");
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

/** Notes when which pictures of sections are drawn: `drawn` holds [width, height, milliseconds since the navigation, middle row]. */
async function noteDrawing(page) {
  await page.addInitScript(() => {
    globalThis.drawn = [];
    const put = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (picture, ...place) {
      put.call(this, picture, ...place);
      globalThis.drawn.push([picture.width, picture.height, Math.round(performance.now()), digestOf(picture)]);
    };
    /** A coarse section differs from the whole one: rows that are not read yet are as their neighbours are. */
    const digestOf = ({ data, width }) => {
      let sum = 0;
      for (let at = 0; at < data.length; at += 4 * 61) sum = (31 * sum + data[at]) % 2 ** 31;
      return `${width} ${sum}`;
    };
  });
}

/** Milliseconds from the navigation until the sections are drawn for the last time, and from a step until it is. */
async function firstSections(page, url) {
  await noteDrawing(page);
  await page.goto(url);
  const count = () => page.evaluate(() => globalThis.drawn.length);
  const quiet = async () => {
    for (let before = -1, now = await count(); now < 3 || now !== before; before = now, now = await count())
      await page.waitForTimeout(1500);
    return page.evaluate(() => globalThis.drawn);
  };
  // 1024 x 1024 across z; 1024 x 1000 across y; 1000 x 1024 across x.
  const of = (pictures, width, height) => pictures.filter((one) => one[0] === width && one[1] === height);
  const opened = await quiet();
  const last = (width, height) => of(opened, width, height).at(-1)[2];
  const [z, y, x] = [of(opened, 1024, 1024)[0][2], last(1024, 1000), last(1000, 1024)];
  const step = async (key, shift) => {
    const before = (await quiet()).length;
    const start = await page.evaluate(
      ([pressed, shiftKey]) => {
        const pane = document.querySelector("[data-axis=x]");
        const at = performance.now();
        pane.dispatchEvent(new KeyboardEvent("keydown", { key: pressed, shiftKey, bubbles: true, cancelable: true }));
        return at;
      },
      [key, shift],
    );
    await page.waitForFunction((known) => globalThis.drawn.length > known, before, { timeout: 120_000 });
    const pictures = of((await quiet()).slice(before), 1000, 1024);
    return pictures.map((picture) => Math.round(picture[2] - start));
  };
  const next = (await step("PageUp", false)).at(-1);
  const others = await step("End", false);
  return { z, y, x, next, coarse: others[0], other: others.at(-1) };
}

/** A step at every frame; counted are those frames in which another section was there. */
async function scrolled(page, url, axis) {
  await noteDrawing(page);
  await page.goto(url);
  await page.waitForFunction(() => globalThis.drawn.length >= 3, undefined, { timeout: 120_000 });
  await page.waitForTimeout(1000);
  await page.locator(`[data-axis=${axis}]`).focus();
  const before = processorMilliseconds();
  const { frames, sections } = await page.evaluate(
    async ([seconds, along]) => {
      const pane = document.querySelector(`[data-axis=${along}]`);
      const [start, known] = [performance.now(), globalThis.drawn.length];
      let frames = 0;
      let key = "PageUp";
      while (performance.now() - start < 1000 * seconds) {
        pane.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        await new Promise(requestAnimationFrame);
        frames++;
        const [, index, end] = /(\d+) \/ (\d+)/.exec(pane.textContent);
        if (index === end) key = "PageDown";
        if (index === "0") key = "PageUp";
      }
      return { frames, sections: globalThis.drawn.length - known };
    },
    [scrollSeconds, axis],
  );
  const processor = ((processorMilliseconds() - before) / frames).toFixed(1);
  return { frames: (frames / scrollSeconds).toFixed(0), sections: (sections / scrollSeconds).toFixed(0), processor };
}

/** Processor time of everything that this bench has started: the server and the browser. */
function processorMilliseconds() {
  const processes = new Map();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      const fields = readFileSync(`/proc/${id}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      processes.set(Number(id), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It has ended meanwhile.
    }
  const isOurs = (id) => id === process.pid || (processes.has(id) && isOurs(processes.get(id).parent));
  let ticks = 0;
  for (const [id, { ticks: own }] of processes) if (id !== process.pid && isOurs(id)) ticks += own;
  return 10 * ticks;
}

/** The page's own code: all of it, and each file. */
function codeSizes() {
  const page = join(ROOT, "dist/workbench/page");
  const files = readdirSync(page, { recursive: true }).filter((name) => name.endsWith(".br"));
  const sizes = files.map((name) => [name.replace(/\.br$/, ""), statSync(join(page, name)).size]);
  return [["the page's own code", sizes.reduce((sum, [, size]) => sum + size, 0)], ...sizes];
}
