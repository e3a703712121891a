import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readParticles, writeParticles } from "../src/io/index.js";
import { classify } from "../src/jobs/classify/index.js";
import { simulateParticles } from "../src/jobs/simulate-particles/index.js";

const PER_CLASS = 4;
let folder: string;
let starFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-disagreement-"));
  const job = { source: { procedural: 4 }, particlesPerClass: PER_CLASS, snr: 5, seed: 91 };
  ({ starFile } = await simulateParticles({ ...job, outputFolder: join(folder, "particles") }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The list with the classes that `classOf` gives, classified with itself as examples. */
async function classified(
  name: string,
  classOf: (className: string, index: number, names: readonly string[]) => string,
) {
  const list = readParticles(await readFile(starFile, "utf8"));
  const names = [...new Set(list.particles.map(({ className }) => className!))];
  const particles = list.particles
    .map((particle, index) => ({ ...particle, className: classOf(particle.className!, index, names) }))
    .filter(({ className }) => className !== "left out");
  const path = join(folder, "particles", `${name}.star`);
  await writeFile(path, writeParticles({ ...list, particles }, { format: "relion5" }));
  const told: string[] = [];
  const result = await classify({
    ...{ examples: [path], particlesPath: starFile, outputFolder: join(folder, name), crf: "off", threads: 1 },
    onWarning: (warning) => told.push(warning),
  });
  return { names, told: told.filter((warning) => warning.startsWith("the example")), result };
}

test("classify doubts no example of the right class", async () => {
  const { told } = await classified("right", (className) => className);
  expect(told).toEqual([]);
});

test("classify names an example of another of its classes, in terminal, report and JSON", async () => {
  const { names, told, result } = await classified("swapped", (className, index, all) =>
    index === 1 ? all[2]! : className,
  );
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^the example swapped\.star, particle 2; .*\.mrc is given as /);
  expect(told[0]).toContain(`given as ${names[2]}, but is more like the examples of ${names[0]}`);
  expect(result.warnings).toContain(told[0]);
  expect(await readFile(result.reportPath, "utf8")).toContain("swapped.star, particle 2; ");
  expect(await readFile(join(folder, "swapped/classified.json"), "utf8")).toContain("swapped.star, particle 2; ");
});
