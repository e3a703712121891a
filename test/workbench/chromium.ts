import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

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

export function launchChromium({ hasGpu = false } = {}): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: [...QUIET, ...(hasGpu ? SOFTWARE_GPU : ["--disable-gpu"])] });
}
