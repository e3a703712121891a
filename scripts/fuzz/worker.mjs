// A thread of the fuzzer, over the build in dist/.
import { parentPort, workerData } from "node:worker_threads";
import { fileKind } from "../../dist/files/disk/file-kind.js";
import * as graph from "../../dist/graph/index.js";
import * as io from "../../dist/io/index.js";
import { parseCsv } from "../../dist/io/text/csv.js";
import { gunzipIfNeeded } from "../../dist/io/text/gzip.js";
import { parseJson } from "../../dist/io/text/json.js";
import { parseXml } from "../../dist/io/text/xml.js";
import * as volume from "../../dist/volume/index.js";
import { fuzz } from "./session.mjs";
import { allTargets } from "./targets.mjs";

const { seed, first, step, endsAt, shared, only } = workerData;
const progress = new Float64Array(shared); // the input being tried, how many have been
const { readTomogramSizes } = io;
const modules = { io, graph, volume, fileKind, parseCsv, gunzipIfNeeded, parseJson, parseXml, readTomogramSizes };
const all = await allTargets(modules);
const targets = only ? all.filter(({ name }) => name.includes(only)) : all;
const result = await fuzz(
  { targets, seed, createRandom: volume.createRandom },
  {
    first,
    step,
    isOver: (inputs) => inputs % 64 === 0 && Date.now() > endsAt,
    onInput(number, inputs) {
      progress[0] = number;
      progress[1] = inputs;
    },
  },
);
parentPort.postMessage(result);
