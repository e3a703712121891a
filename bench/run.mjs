/**
 * Throughput of cosnet beside PyTorch on this machine: `npm run bench -- [--quick] [--threads 1,2] [--json FILE]`.
 *
 * Embedding and mask (128 volumes, in PyTorch batches of 16) and training (batches of 48 volumes) of the `cosnet` network, beside the
 * same network in PyTorch, and embedding beside the authors' released network in PyTorch. Rendered particles, fixed seed; the two
 * sides take turns so that a machine that warms up or throttles treats both alike; figures are medians.
 *
 * `--against DIST`, another build's `dist` folder with its `models` beside it: in place of all this, embedding and mask of 128 volumes by
 * both builds, as shipped, and training steps of 48, call by call in turns in one process.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median, sampleInTurns, table } from "./measure.mjs";
import { openEmbedder, openTraining, renderBatch, SEED, sampleEmbedding, sampleTraining } from "./ours.mjs";
import { findPeer, runPeer } from "./peer.mjs";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    threads: { type: "string", default: "1,2" },
    against: { type: "string" },
    json: { type: "string" },
  },
});
const ROUNDS = flags.quick ? 1 : 2;
const TIMING = flags.quick ? { seconds: 1, repeats: 3 } : { seconds: 8, repeats: 5 };
/** The authors' network takes seconds a batch. */
const SLOW_TIMING = flags.quick ? { seconds: 0, repeats: 1 } : { seconds: 10, repeats: 3 };
const EMBEDDED = 128;
const PEER_BATCH = 16;
const TRAINING_CLASSES = 24;

const threadCounts = flags.threads.split(",").map(Number);
const embedded = renderBatch(EMBEDDED / 2).volumes;
if (flags.against) {
  await compareBuilds(flags.against);
  process.exit();
}
const peer = await findPeer();
if (peer === undefined)
  console.error("No Python with PyTorch found (Debian: python3-torch; or set PYTHON): measuring cosnet alone.");

const batch = renderBatch(TRAINING_CLASSES);
const folder = await mkdtemp(join(tmpdir(), "cosnet-bench-"));
const rows = [];
try {
  await writeFile(join(folder, "volumes.f32"), batch.volumes); // embedding takes the first of them
  await writeFile(join(folder, "masks.f32"), batch.masks);
  for (const threads of threadCounts) {
    const common = { threads, seed: SEED, folder };
    rows.push(
      await compare("embedding and mask, cosnet", threads, {
        volumes: { ours: EMBEDDED, peer: PEER_BATCH },
        ours: () => sampleEmbedding(embedded, { precision: "float32", threads, ...TIMING }),
        peer: () => runPeer(peer, { ...common, network: "cosnet", task: "embed", batch: PEER_BATCH, ...TIMING }),
      }),
      await compare("embedding and mask, cosnet, int8", threads, {
        volumes: { ours: EMBEDDED, peer: PEER_BATCH },
        ours: () => sampleEmbedding(embedded, { precision: "int8", threads, ...TIMING }),
        peer: () => runPeer(peer, { ...common, network: "cosnet", task: "embed", batch: PEER_BATCH, ...TIMING }),
      }),
      await compare("training, cosnet", threads, {
        volumes: { ours: 2 * TRAINING_CLASSES, peer: 2 * TRAINING_CLASSES },
        ours: () => sampleTraining(batch, { preset: "cosnet", classes: TRAINING_CLASSES, threads, ...TIMING }),
        peer: () =>
          runPeer(peer, { ...common, network: "cosnet", task: "train", batch: 2 * TRAINING_CLASSES, ...TIMING }),
      }),
    );
    if (peer) {
      const authors = await compare("embedding and mask, authors' network in PyTorch", threads, {
        volumes: { peer: PEER_BATCH },
        peer: () => runPeer(peer, { ...common, network: "released", task: "embed", batch: PEER_BATCH, ...SLOW_TIMING }),
      });
      // Our default network against theirs: the same job, another network.
      rows.push({ ...authors, ours: rows.at(-2).ours });
    }
  }
} finally {
  await rm(folder, { recursive: true });
}

const machine = {
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  node: process.version,
  torch: peer?.version ?? null,
};
console.log(`${machine.processor}, ${machine.cores} cores; Node ${machine.node}; PyTorch ${machine.torch ?? "absent"}`);
console.log("Volumes of 32^3 a second, medians; ratio = cosnet / PyTorch.\n");
const figure = (value) => (value === undefined ? "-" : value.toFixed(value < 10 ? 2 : 1));
const ratio = ({ ours, peer: theirs }) => (ours === undefined || theirs === undefined ? undefined : ours / theirs);
console.log(
  table([
    ["", "threads", "cosnet", "PyTorch", "ratio"],
    ...rows.map((row) => [row.name, String(row.threads), figure(row.ours), figure(row.peer), figure(ratio(row))]),
  ]),
);
if (flags.json) {
  const results = rows.map((row) => ({ ...row, ratio: ratio(row) }));
  await writeFile(flags.json, `${JSON.stringify({ machine, seed: SEED, quick: flags.quick, results }, null, 2)}\n`);
}

/** Volumes a second of both sides, taking turns. */
async function compare(name, threads, { volumes, ...sides }) {
  const samples = { ours: [], peer: [] };
  for (let round = 0; round < ROUNDS; round++) {
    if (sides.ours) samples.ours.push(...(await sides.ours()));
    if (peer && sides.peer) samples.peer.push(...(await sides.peer()).seconds);
  }
  const perSecond = (side) => (samples[side].length === 0 ? undefined : volumes[side] / median(samples[side]));
  const row = { name, threads, ours: perSecond("ours"), peer: perSecond("peer"), samples };
  process.stderr.write(`${name}, ${threads} threads: done\n`);
  return row;
}

/** Milliseconds a volume of another build and this one. */
async function compareBuilds(other) {
  const batch = renderBatch(TRAINING_CLASSES);
  const kinds = [
    {
      name: "embedding and mask",
      volumes: EMBEDDED,
      open: async (options) => {
        const embedder = await openEmbedder(options);
        return { call: () => embedder.embed(embedded), release: () => embedder.release() };
      },
    },
    {
      name: "training step",
      volumes: 2 * TRAINING_CLASSES,
      open: async (options) => {
        const training = await openTraining({ preset: "cosnet", classes: TRAINING_CLASSES, ...options });
        return { call: () => training.step(batch), release: training.release };
      },
    },
  ];
  const results = [];
  for (const threads of threadCounts)
    for (const { name, volumes, open } of kinds) {
      const works = [await open({ build: other, threads }), await open({ threads })];
      const calls = works.map(({ call }) => call);
      const timing = flags.quick ? TIMING : { seconds: 25, repeats: 12 };
      const [theirs, ours] = (await sampleInTurns(calls, timing)).map(({ wall, processor, calls }) => ({
        ...{ wall: wall / volumes, processor: processor / volumes, calls },
      }));
      for (const { release } of works) await release();
      results.push({ name, threads, theirs, ours });
    }
  const heading = ["milliseconds a volume", "threads", "other: wall", "processor", "this build: wall", "processor"];
  const rows = results.map(({ name, threads, theirs, ours }) => {
    const times = [theirs, ours].flatMap(({ wall, processor }) => [wall, processor]);
    const speeds = [theirs.wall / ours.wall, theirs.processor / ours.processor];
    return [name, String(threads), ...[...times, ...speeds].map((value) => value.toFixed(2)), String(ours.calls)];
  });
  console.log(table([[...heading, "speed: wall", "processor", "calls"], ...rows]));
  if (flags.json) await writeFile(flags.json, `${JSON.stringify({ flags, results }, null, 2)}\n`);
}
