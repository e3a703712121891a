// The workbench in the browser alone, in Chromium: npm run bench:site
// A newcomer's practice (200x200x100 voxels at 10 Å): how long it takes to make the tomogram, and from four clicks to picks, with
// WebAssembly on as many threads as there are; and how the picks compare with the truth.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { chromium } from "playwright-core";

const SITE = resolve(import.meta.dirname, "../dist/site");
const MEDIA_TYPES = { ".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
/** Without these a page may not share memory between threads. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
/** A guard against hanging. */
const LONGEST_MILLISECONDS = 600_000;

const server = createServer(async ({ url }, response) => {
  const { pathname } = new URL(url, "http://site");
  const file = join(SITE, pathname === "/" ? "index.html" : pathname);
  const body = await readFile(file).catch(() => undefined);
  const type = MEDIA_TYPES[extname(file)] ?? "text/javascript";
  response.writeHead(body ? 200 : 404, { "Content-Type": type, ...ISOLATION }).end(body);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(LONGEST_MILLISECONDS);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const made = await timed(async () => {
    await page.getByRole("button", { name: "Try it on a practice tomogram" }).click();
    await page.getByLabel("Section across z").waitFor();
  });
  console.log(`practice tomogram made and shown: ${made} s`);
  const coach = page.getByRole("region", { name: "Practice" });
  await coach.getByText("particle 1 of").waitFor();
  const count = Number(/of (\d+)/.exec(await coach.textContent())[1]);
  for (let particle = 1; particle <= count; particle++) {
    await coach.getByText(`particle ${particle} of`).waitFor();
    await page.getByLabel("Section across z").focus();
    await page.keyboard.press("n");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  }
  const find = async (name, last) => {
    const seconds = await timed(async () => {
      await page.getByRole("button", { name, exact: true }).click();
      await page.getByRole("button", { name: last }).waitFor();
    });
    const threads = await page.evaluate(() => navigator.hardwareConcurrency);
    console.log(`${name}, ${count} classes, ${threads} threads: ${seconds} s`);
  };
  await find("Find particles", "Find particles again");
  const rows = await coach
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent).join("  ")));
  console.log(rows.join("\n"));
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}

async function timed(work) {
  const start = performance.now();
  await work();
  return ((performance.now() - start) / 1000).toFixed(1);
}
