// Part of `npm pack`: puts ONNX Runtime for one platform into dist/node_modules, where the packed program finds it first.
// The package on the registry holds the libraries of five platforms, and a script that downloads CUDA libraries at install.
// `npm pack --os=win32 --cpu=x64` packs for another platform than this one.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const INSTALLED = join(ROOT, "node_modules");
const PACKED = join(ROOT, "dist/node_modules");
const os = process.env.npm_config_os || process.platform;
const cpu = process.env.npm_config_cpu || process.arch;
const LIBRARIES = join("bin/napi-v6", os, cpu);

if (!existsSync(join(INSTALLED, "onnxruntime-node", LIBRARIES)))
  throw new Error(
    `onnxruntime-node has no library for ${os} ${cpu}: pack for linux x64 or arm64, darwin arm64, win32 x64 or arm64`,
  );
rmSync(PACKED, { recursive: true, force: true });
copyPackage("onnxruntime-node", ["dist", LIBRARIES]);
copyPackage("onnxruntime-common", ["dist/cjs"]);

/** Copies what runs of an installed package, and a package.json that says no more than how to load it. */
function copyPackage(name, folders) {
  const [from, to] = [join(INSTALLED, name), join(PACKED, name)];
  for (const folder of folders) {
    mkdirSync(join(to, folder), { recursive: true });
    for (const file of readdirSync(join(from, folder)).filter(isUsed))
      cpSync(join(from, folder, file), join(to, folder, file));
  }
  const { version, license, main } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  writeFileSync(join(to, "package.json"), `${JSON.stringify({ name, version, license, main }, null, 2)}\n`);
  cpSync(join(ROOT, "scripts/onnxruntime-license.txt"), join(to, "LICENSE"));
}

/** Not types, not source maps, and of macOS's two equal libraries the one that the binding names. */
function isUsed(file) {
  return !/\.(d\.ts|map)$/.test(file) && !/^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(file);
}
