/**
 * Widens a trained network of preset `cosnet` into a file of weights to go on training from (Chen et al. 2016, "Net2Net"): the
 * new channels are copies of old ones, what follows shares its weights unevenly among the copies, so that the output stays the same
 * and the copies part in training.
 *
 *     node scripts/widen-weights.mjs NARROW.safetensors 16,48,96 SEED OUTPUT.safetensors
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readSafetensors, writeSafetensors } from "../dist/io/index.js";
import { createRandom } from "../dist/volume/index.js";

const [path, widthsText, seed, output] = process.argv.slice(2);
const widths = widthsText?.split(",").map(Number);
if (!output || widths?.length !== 3) throw new Error("usage: widen-weights.mjs NARROW WIDTHS SEED OUTPUT");
const { arrays, metadata } = readSafetensors(readFileSync(path), { name: path });
const recipe = JSON.parse(metadata.recipe);
const random = createRandom(seed);

/** Of each channel of the wide layer, the old one that it is a copy of, and its share of what that one gave. */
function widening(name, from, to) {
  const drawn = random.fork(name);
  const sources = Array.from({ length: to }, (_, i) => (i < from ? i : drawn.integer(from)));
  const portions = sources.map(() => drawn.uniform(0.6, 1.4));
  const totals = Array.from({ length: from }, () => 0);
  for (const [i, source] of sources.entries()) totals[source] += portions[i];
  return { sources, shares: sources.map((source, i) => portions[i] / totals[source]) };
}

const same = (count) => ({ sources: [...Array(count).keys()], shares: Array(count).fill(1) });
const [fine, middle, deep] = recipe.network.widths.map((from, level) =>
  widening(`level${level + 1}`, from, widths[level]),
);
/** The hidden units of a squeeze-and-excitation are half as many as its channels. */
const squeezed = (name, level) =>
  widening(name, Math.floor(recipe.network.widths[level] / 2), Math.floor(widths[level] / 2));
const joined = (...parts) => {
  let first = 0;
  const all = { sources: [], shares: [] };
  for (const { sources, shares } of parts) {
    all.sources.push(...sources.map((source) => first + source));
    all.shares.push(...shares);
    first += 1 + Math.max(...sources);
  }
  return all;
};
/** In the order in which `attentionPooled` and its caller join them. */
const features = joined(deep, deep, fine, fine, middle, middle, same(1));
const levels = {
  stem: fine,
  level1: fine,
  up1: fine,
  down1: middle,
  level2: middle,
  up2: middle,
  down2: deep,
  level3: deep,
};
/** What a layer takes in, where that is not the channels of its own level. */
const before = {
  stem: same(8),
  down1: fine,
  down2: middle,
  mask: fine,
  "up2.mix": deep,
  "up1.mix": middle,
  hidden: features,
};

/** How the outputs and the inputs of a layer are widened. */
function wideningsOf(name) {
  const layer = name.split(".")[0];
  const own = levels[layer];
  const unit = name.includes(".duse.") && squeezed(`${layer}.duse`, [fine, middle, deep].indexOf(own));
  if (name.includes("duse.squeeze")) return [unit, own];
  if (name.includes("duse.excite")) return [own, unit];
  if (name.includes("duse.spatial")) return [same(1), own];
  if (layer === "features") return [features, same(1)];
  return [own, before[name.replace(/\.(weights|bias)$/, "")] ?? before[layer] ?? own];
}

const wide = new Map();
for (const [name, array] of arrays) {
  const { shape, data } = array;
  const [outputs, inputs] = wideningsOf(name);
  if (name.endsWith(".weights")) {
    const [oldOutputs, oldInputs, ...rest] = shape;
    const out = outputs ?? same(oldOutputs);
    const into = inputs ?? same(oldInputs);
    const cell = rest.reduce((product, length) => product * length, 1);
    const values = new Float32Array(out.sources.length * into.sources.length * cell);
    let at = 0;
    for (const o of out.sources)
      for (const [i, source] of into.sources.entries())
        for (let k = 0; k < cell; k++) values[at++] = into.shares[i] * data[(o * oldInputs + source) * cell + k];
    wide.set(name, { ...array, shape: [out.sources.length, into.sources.length, ...rest], data: values });
  } else {
    const { sources } = outputs ?? same(data.length);
    const values = Float32Array.from(sources, (source) => data[source]);
    wide.set(name, { ...array, shape: shape.map((n) => (n === data.length ? values.length : n)), data: values });
  }
}
const network = { ...recipe.network, widths };
writeFileSync(
  output,
  writeSafetensors(wide, {
    ...metadata,
    recipe: JSON.stringify({ ...recipe, network }),
    widened: `${path.replace(/^.*[/\\]/, "")} by seed ${seed}`,
  }),
);
