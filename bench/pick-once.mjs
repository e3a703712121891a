/**
 * One process of `bench/pick.mjs`: `pick` of a tomogram from nothing, then again with one example more, several times. Says what each
 * took as one line of JSON. `node bench/pick-once.mjs BUILD TOMOGRAM LIST OUTPUT RERUNS [DRAW]`, `BUILD` a `dist` folder; the examples
 * are the particles of each class from number `DRAW` on, 0 when left out.
 */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [build, tomogram, list, output, reruns, draw = "0"] = process.argv.slice(2);
const { createSearchMemory, pick, readParticleListFile } = await import(pathToFileURL(resolve(build, "node.js")));

/** Examples near a face would miss a part of the particle. */
const MARGIN_ANGSTROM = 240;

const { particles } = (await readParticleListFile(list)).list;
const farthest = ["x", "y", "z"].map((axis) =>
  Math.max(...particles.map(({ positionAngstrom }) => positionAngstrom[axis])),
);
const inside = particles.filter(isInside);
const names = [...new Set(inside.map(({ className }) => className))].sort();
const byClass = new Map(names.map((name) => [name, inside.filter(({ className }) => className === name)]));
const run = { tomogramPaths: [tomogram], report: false, keepWork: true, workRoot: join(output, "work") };
const memory = createSearchMemory();
const cold = await timed("cold", 0);
const again = [];
for (let more = 1; more <= Number(reruns); more++) again.push(await timed(`again-${more}`, more));
await memory[Symbol.asyncDispose]();
console.log(JSON.stringify({ cold, again, megabytes: Math.round(process.resourceUsage().maxRSS / 1000) }));

/** One example of each class, and so many more, of one class after the other. */
async function timed(name, more) {
  const extra = Array.from({ length: more }, (_, i) =>
    exampleOf(names[i % names.length], 1 + Math.floor(i / names.length)),
  );
  const examples = join(output, `${name}.csv`);
  const rows = [...names.map((className) => exampleOf(className, 0)), ...extra].map(rowOf);
  await writeFile(examples, `x_angstrom,y_angstrom,z_angstrom,class\n${rows.join("\n")}\n`);
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await pick({ ...run, examples: [examples], outputFolder: join(output, name), memory });
  const { user, system } = process.cpuUsage(used);
  return {
    seconds: (performance.now() - start) / 1000,
    processorSeconds: (user + system) / 1e6,
    candidates: result.candidates,
    picks: result.picksPath,
  };
}

/** Of a class with few particles the first ones come again. */
function exampleOf(className, index) {
  const ofClass = byClass.get(className);
  return ofClass[(Number(draw) + index) % ofClass.length];
}

function rowOf({ positionAngstrom: { x, y, z }, className }) {
  return `${[x, y, z].map((value) => value.toFixed(2)).join()},${className}`;
}

function isInside({ positionAngstrom: at }) {
  return [at.x, at.y, at.z].every((value, axis) => value > MARGIN_ANGSTROM && value < farthest[axis] - MARGIN_ANGSTROM);
}
