/**
 * Long particle lists: matching picks with particles, and `filter` from file to file:
 * `node bench/lists.mjs [--rows 10000,100000,1000000] [--repeats 3] [--against DIST]`, where DIST is the dist folder of an
 * earlier build.
 *
 * Seeded: 2,000 particles in each tomogram of 4000 x 4000 x 1000 Å, picks 15 Å off on every axis, matching distance 60 Å.
 * Builds take turns; medians of processor time. Growth is the time by that of the line above, divided by the growth of the rows: 1 is
 * linear.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { median, table } from "./measure.mjs";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "10000,100000,1000000" },
    repeats: { type: "string", default: "3" },
    against: { type: "string" },
  },
});
const folders = { now: resolve(import.meta.dirname, "../dist"), ...(flags.against && { earlier: flags.against }) };
const builds = {};
for (const [name, folder] of Object.entries(folders)) {
  const load = (file) => import(pathToFileURL(resolve(folder, file)).href);
  builds[name] = { ...(await load("index.js")), ...(await load("node.js")) };
}
const { createRandom } = builds.now;
const folder = await mkdtemp(join(tmpdir(), "cosnet-bench-lists-"));

/** Truth and picks of this many rows. */
function makeLists(rows) {
  const random = createRandom("bench lists");
  const tomograms = Math.ceil(rows / 2000);
  const truths = Array.from({ length: rows }, () => ({
    tomogram: `TS_${random.integer(tomograms)}`,
    className: "particle",
    positionAngstrom: { x: random.uniform(0, 4000), y: random.uniform(0, 4000), z: random.uniform(0, 1000) },
    matchDistanceAngstrom: 60,
  }));
  const moved = (value) => value + 15 * random.normal();
  const picks = truths.map(({ tomogram, className, positionAngstrom: { x, y, z } }) => ({
    ...{ tomogram, className, score: random.next() },
    positionAngstrom: { x: moved(x), y: moved(y), z: moved(z) },
  }));
  return { truths, picks };
}

/** Picks as a RELION 4 list. */
function starText(picks) {
  const columns = ["TomoName", "CoordinateX", "CoordinateY", "CoordinateZ", "AutopickFigureOfMerit", "OpticsGroup"];
  const rows = picks.map(({ tomogram, score, positionAngstrom: { x, y, z } }) =>
    [tomogram, ...[x, y, z].map((value) => (value / 10).toFixed(3)), score.toFixed(4), 1].join(" "),
  );
  const optics = "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnTomoTiltSeriesPixelSize\n1 10\n";
  return `${optics}\ndata_particles\n\nloop_\n${columns.map((name) => `_rln${name}`).join("\n")}\n${rows.join("\n")}\n`;
}

async function processorSeconds(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const lines = [["work", "rows", ...Object.keys(builds).map((name) => `${name} (s)`), "now / earlier", "growth"]];
try {
  const before = {};
  let rowsBefore = 0;
  for (const rows of flags.rows.split(",").map(Number)) {
    const { truths, picks } = makeLists(rows);
    const input = join(folder, "picks.star");
    await writeFile(input, starText(picks));
    const works = {
      match: (build) => build.matchPicks(picks, truths),
      filter: (build) => build.filterParticles?.(input, join(folder, "kept.star"), { minimumDistanceAngstrom: 60 }),
    };
    for (const [name, work] of Object.entries(works)) {
      const seconds = Object.fromEntries(Object.keys(builds).map((build) => [build, []]));
      for (let repeat = 0; repeat < Number(flags.repeats); repeat++)
        for (const [key, build] of Object.entries(builds)) seconds[key].push(await processorSeconds(() => work(build)));
      const medians = Object.values(seconds).map(median);
      const [now, earlier] = medians;
      const growth = before[name] === undefined ? "" : (now / before[name] / (rows / rowsBefore)).toFixed(2);
      lines.push([
        ...[name, rows.toLocaleString("en-US"), ...medians.map((value) => value.toFixed(2))],
        ...[earlier === undefined || earlier < 0.001 ? "" : (now / earlier).toFixed(2), growth],
      ]);
      before[name] = now;
    }
    rowsBefore = rows;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(table(lines));
