import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

const PATH = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** Tests in a page need it; continuous integration installs it. */
export const hasChromium = existsSync(PATH);

const QUIET = [
  ...["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];
/** A graphics processor in software, which comes with Debian's Chromium. */
export const SWIFTSHADER = "/usr/lib/chromium/libvk_swiftshader.so";
const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];

/** The size of windows. */
export const VIEWPORT = { width: 1280, height: 720 } as const;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: [...QUIET, "--disable-gpu"] });
}

/** A browser with a graphics processor that has been closed, and is opened again, with what it has kept in a folder. */
export function reopenChromium(profile: string): Promise<BrowserContext> {
  const args = [...QUIET, ...SOFTWARE_GPU];
  return chromium.launchPersistentContext(profile, { executablePath: PATH, args, viewport: VIEWPORT });
}
