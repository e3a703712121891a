/** cosnet of a build with these words; last, what it took as a line of JSON on standard error: `node bench/main-once.mjs BUILD WORDS...`. */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [, , build, ...words] = process.argv;
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const took = {
    seconds: process.uptime(),
    processorSeconds: (user + system) / 1e6,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1000),
  };
  process.stderr.write(`\n${JSON.stringify(took)}\n`);
});
const main = join(resolve(build), "cli/main.js");
process.argv = [process.argv[0], main, ...words];
await import(pathToFileURL(main));
