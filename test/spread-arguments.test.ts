/** No array that grows with the input is spread into arguments: at some hundred thousand elements the call stack overflows. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..", "src");

/** What may be spread, as "file: expression", by the reason why it stays short. Of anything else use a loop or `reduce`. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  "what a person types as options": [
    'cli/command-text.ts: (variadic ? values.map(shellWord) : [shellWord(values.join(","))])',
    "evaluate/example-spread-table.ts: spread.map(({ way }) => way)",
    "jobs/benchmark/options.ts: shots",
    "jobs/benchmark/options.ts: ways",
    "jobs/evaluate/baseline.ts: radiiAngstrom",
    "jobs/reproduce/complexes.ts: ways",
    "jobs/reproduce/page/page.ts: fractions",
    "jobs/reproduce/page/tables.ts: ways",
    "jobs/simulate-tomogram/report.ts: snrs",
  ],
  "tables of the program itself": [
    "cli/commands/convert.ts: LISTS",
    "cli/commands/convert.ts: VOLUMES",
    "cli/commands/lists/options.ts: LISTS",
    "evaluate/picks/pick-table.ts: hollow",
    "graph/operations.ts: tensors",
    "infer/pick/blob-detector.ts: RADII_ANGSTROM",
    "infer/pick/blob-detector.ts: sigmas",
    "infer/sphere-template.ts: narrowSections",
    "io/volumes/mrc/read.ts: header.voxelSizeWarnings",
    "io/volumes/mrc/read.ts: valueWarnings(statistics)",
    "jobs/robustness/table.ts: meanings.map(([name]) => name!.length)",
    "model/parameters.ts: convSpec(x, outputs)",
    "wasm/instructions.ts: unsigned(opcode)",
    "wasm/loops.ts: body",
  ],
  "rotations and axes of a point group": [
    "volume/symmetry/find-axes.ts: folds.map(({ score }) => score)",
    "volume/symmetry/modulo.ts: angles",
  ],
  "one for each class": [
    "cli/commands/train/particles.ts: rows.map(([, first]) => first!.length)",
    "cli/commands/train/particles.ts: rows.map(([name]) => name!.length)",
    "infer/classify.ts: probabilities.filter((_, label) => label !== best)",
    "jobs/simulate-tomogram/boxes.ts: byClass.map((members) => members.length)",
  ],
  "rows, bars and panels of a report, which a person looks at": [
    "evaluate/picks/pick-table.ts: calibrationLines(calibration)",
    "evaluate/example-spread.ts: own",
    "jobs/reproduce/complexes.ts: (await loadComplexes(path, options))",
    "jobs/reproduce/complexes.ts: networks.map((network) => network.training?.classes ?? 0)",
    "jobs/reproduce/leads.ts: differences",
    "jobs/reproduce/leads.ts: won.map(({ pValue }) => pValue)",
    "jobs/reproduce/page/page.ts: leads.map(({ largest }) => largest)",
    "jobs/reproduce/page/page.ts: leads.map(({ smallest }) => smallest)",
    "jobs/reproduce/page/tables.ts: sameData.map((cell) => cell?.accuracy ?? 0)",
    "jobs/reproduce/plan.ts: columns.map(({ training }) => teraflopOf(training))",
    "jobs/robustness/robustness.ts: cellsOf(seen, clean, model.embedder, settings).map((cell) => ({ condition: condition.name, snr, ...cell }))",
    "report/chart/confusion-chart.ts: classNames.map((name) => name.length)",
    "report/chart/histogram.ts: counts[0].map((_, bin) => counts.reduce((sum, count) => sum + count[bin], 0))",
    "report/chart/interval-bars.ts: bars.map((bar) => bar.label.length)",
    "report/chart/interval-bars.ts: bars.map((bar) => bar.note.length)",
    "report/chart/interval-bars.ts: counts",
    "report/page/picture-grid.ts: rows.map(({ label }) => label.length)",
    "report/page/section.ts: parts.map(htmlPart)",
    "report/pages/classify.ts: counts",
    "report/pages/pick/where.ts: slices.map(sliceView)",
    "report/pages/segment.ts: classes.map((entry, index) => galleryOf(entry, index, gallery))",
    "report/pages/segment.ts: sizePanels(classes)",
    "report/pages/spectrum-picture.ts: zeros.map((zero) => 1 - Math.abs(radius - zero * perCycle))",
    "report/pages/tomogram.ts: tilts.map(tiltPanel(voxelSizeAngstrom))",
    "report/pages/tomogram.ts: tomograms.map(tomogramPanel)",
  ],
  "the parameters of a call, a handful": [
    "workbench/browser-engine/engine.ts: parameters",
    "workbench/browser-engine/node/util.ts: parameters",
    "workbench/browser-engine/worker.ts: parameters",
    "workbench/protocol/port.ts: parameters",
    "workbench/server/calls.ts: parameters",
  ],
  "the structures of one folder, all of them in memory": [
    "files/complexes/load.ts: (await loadComplexes(folder, options))",
  ],
  "a pair: a range, a path and its content": [
    "graph/onnx/decode.ts: readEntry(bytes)",
    "infer/average/ab-initio/search.ts: ofHalf(0)",
    "infer/average/ab-initio/search.ts: ofHalf(1)",
    "workbench/page/view/sections/paint-overlay.ts: at",
    "files/particles/list-parts.ts: first",
    "jobs/simulate-tomogram/imaging-parts.ts: args",
    "simulate/tomogram/imaging/noise.ts: range",
    "simulate/tomogram/specimen/membrane.ts: elongation",
    "simulate/tomogram/specimen/membrane.ts: radiusAngstrom",
  ],
  "axes of a volume, or three coordinates": [
    "files/tomogram/grid.ts: gridShape",
    "files/tomogram/ome-zarr.ts: level.shape",
    "files/tomogram/pyramid.ts: shape",
    "infer/sphere-template.ts: shape",
    "jobs/reproduce/page/figures.ts: shape",
    "jobs/search/contrast.ts: shape",
    "jobs/search/skewness.ts: shape",
    "jobs/segment/labels.ts: shape",
    "jobs/simulate-tomogram/options.ts: shape",
    "jobs/train-detector/options.ts: specimenShape",
    "report/page/box-view.ts: shape",
    "simulate/complexes/primitive.ts: position",
    "simulate/tomogram/specimen/membrane.ts: half",
    "simulate/tomogram/specimen/pack-specimen.ts: corner",
    "simulate/tomogram/specimen/pack-specimen.ts: position",
    "train/scene.ts: shape",
    "workbench/engine/practice/suggestions.ts: faces",
    "workbench/page/view/geometry/pane-layout.ts: rooms",
    "workbench/page/view/volume/particle-spheres.ts: cube(marker.radiusVoxels)",
  ],
  "cut to a length, or checked to be of one": [
    "workbench/browser-engine/runtime/self-check.ts: expected.map((value, index) => Math.abs(value - (given[index] ?? Number.NaN)))",
    "workbench/browser-engine/runtime/self-check.ts: expected.map(Math.abs)",
    "infer/crf/mean-field.ts: floats.subarray(change, change + 4)",
    "io/structures/pdb.ts: numbers",
    "io/volumes/mrc/fields.ts: bytes.subarray(offset, offset + count)",
    "report/picture/png.ts: bytes.subarray(i, i + 0x8000)",
    "simulate/tomogram/imaging/tilt-scheme.ts: (side % 2 === 0 ? upwards : downwards).splice(0, groupSize)",
  ],
  "parts of one simulated specimen, particle or surface": [
    "workbench/engine/practice/suggestions.ts: others.map((other) => distance(other.positionAngstrom, particle.positionAngstrom))",
    "jobs/segment/surfaces.ts: (await write(surfaceStem(className, classes.labels[classIndex]!), placed))",
    "jobs/train-detector/score.ts: (await search(volume, specimen, detector, { tomogram: String(index), signal }))",
    "jobs/train-detector/score.ts: truthsOf(specimen, String(index))",
    "simulate/complexes/blob.ts: lobes.map((lobe) => lobe[axis] + 1.8 * lobe.radius)",
    "simulate/complexes/blob.ts: lobes.map((lobe) => lobe[axis] - 1.8 * lobe.radius)",
  ],
};

/** What is spread into the arguments of calls. */
function spreadsOf(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node))
      for (const argument of node.arguments ?? [])
        if (ts.isSpreadElement(argument)) found.push(`${file}: ${argument.expression.getText().replace(/\s+/g, " ")}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const found = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .flatMap((file) => spreadsOf(file, readFileSync(join(SRC, file), "utf8")));
const allowed = Object.values(SHORT).flat();

test("a spread of what may grow is found", () => {
  const text = "values.push(...more);\nconst most = Math.max(0, ...values.map(Math.abs));\nconst all = [...values];";
  expect(spreadsOf("a.ts", text)).toEqual(["a.ts: more", "a.ts: values.map(Math.abs)"]);
});

test("everything that is spread into arguments has a reason why it stays short", () => {
  expect(found.filter((spread) => !allowed.includes(spread))).toEqual([]);
});

test("no reason is left of what is no longer there", () => {
  expect(allowed.filter((spread) => !found.includes(spread))).toEqual([]);
});
