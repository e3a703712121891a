/**
 * Averages the weights of two trainings of one network, of which the second went on from the first, into a model file and a
 * file of weights (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"):
 *
 *     node scripts/average-weights.mjs FIRST.safetensors SECOND.safetensors SHARE_OF_SECOND OUTPUT_STEM
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { readSafetensors, writeSafetensors } from "../dist/io/index.js";
import { encodeModel } from "../dist/model/index.js";

const [firstPath, secondPath, shareText, stem] = process.argv.slice(2);
const share = Number(shareText);
if (!stem || !(share >= 0 && share <= 1)) throw new Error("usage: average-weights.mjs FIRST SECOND SHARE OUTPUT_STEM");
const read = (path) => {
  const bytes = readFileSync(path);
  return { ...readSafetensors(bytes, { name: path }), sha256: createHash("sha256").update(bytes).digest("hex") };
};
const [first, second] = [read(firstPath), read(secondPath)];
const values = new Map();
for (const [name, { data }] of second.arrays) {
  if (name === "trace" || name.startsWith("optimiser.")) continue; // of a checkpoint
  const other = first.arrays.get(name);
  if (other?.data.length !== data.length) throw new Error(`${firstPath} has no ${name} of ${data.length} values`);
  values.set(
    name,
    Float32Array.from(data, (value, i) => (1 - share) * other.data[i] + share * value),
  );
}
const recipe = JSON.parse(second.metadata.recipe);
const provenance = {
  seed: recipe.seed,
  trainingComplexes: recipe.trainingComplexes.join(" "),
  validationComplexes: recipe.validationComplexes.join(" "),
  averaged: `${Number((1 - share).toFixed(6))} of ${first.sha256.slice(0, 12)}, ${share} of ${second.sha256.slice(0, 12)}`,
};
writeFileSync(`${stem}.onnx`, encodeModel(recipe.network, values, provenance));
const arrays = new Map([...values].map(([name, data]) => [name, { ...second.arrays.get(name), data }]));
writeFileSync(`${stem}.safetensors`, writeSafetensors(arrays, { ...second.metadata, averaged: provenance.averaged }));
