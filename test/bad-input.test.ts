/** What users do wrong: each is one line and a hint on standard error, an exit code, and nothing left behind. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../src/cli/command-line.js";
import { readParticles, writeMrc } from "../src/io/index.js";
import { createRandom, createVolume } from "../src/volume/index.js";
import { captureTerminal } from "./capture-terminal.js";
import { untrainedModel } from "./untrained-model.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-bad-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const put = (name: string, content: Uint8Array | string) => writeFileSync(path(name), content);

const random = createRandom("bad input");
const noise = createVolume(
  [32, 32, 32],
  10,
  Float32Array.from({ length: 32 ** 3 }, () => random.normal()),
);
const good = writeMrc(noise);

/** The volume's file with an integer or float of its header changed. */
function patched(field: number, value: number, type: "Int32" | "Float32" = "Int32"): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer)[`set${type}`](field, value, true);
  return bytes;
}

const star = (columns: readonly string[], ...rows: readonly string[]) =>
  `data_particles\n\nloop_\n${columns.map((column) => `_${column}\n`).join("")}${rows.map((row) => `${row}\n`).join("")}`;
const IMAGES = ["rlnImageName", "cosnetClassName"];
const POSITIONS = [...["X", "Y", "Z"].map((axis) => `rlnCoordinate${axis}`), "rlnTomoName", "cosnetClassName"];
const OPTICS = "data_optics\nloop_\n_rlnOpticsGroup\n_rlnImagePixelSize\n1 10\n\n";

beforeAll(() => {
  mkdirSync(path("empty"));
  mkdirSync(path("atomless"));
  put("atomless/a.pdb", "HEADER    NOTHING\nEND\n");
  put("model.onnx", untrainedModel());
  put("cut.onnx", untrainedModel().subarray(0, 5000));
  put("text.onnx", "hello");
  put("a.mrc", good);
  put("b.mrc", writeMrc({ ...noise, data: noise.data.map((value) => value ** 2) }));
  put("blank.mrc", "");
  put("short.mrc", good.subarray(0, 500));
  put("cut.mrc", good.subarray(0, 60_000));
  put("mode3.mrc", patched(12, 3));
  put("mode99.mrc", patched(12, 99));
  put("wide.mrc", patched(0, 2 ** 31 - 1));
  put("negative.mrc", patched(0, -32));
  put("large.mrc", patched(0, 2 ** 20));
  put("cellless.mrc", patched(40, 0, "Float32"));
  put("nan.mrc", patched(1424, Number.NaN, "Float32"));
  put("cut.mrc.gz", gzipSync(good).subarray(0, 3000));
  put("packed.mrc.bz", new TextEncoder().encode("BZh91AY&SY and so on"));
  put("good.star", star(IMAGES, "a.mrc one", "b.mrc two"));
  put("particles.star", star(["rlnImageName"], "a.mrc", "b.mrc", "a.mrc"));
  put("one-class.star", star(IMAGES, "a.mrc one", "b.mrc one"));
  put("nameless.star", star(IMAGES, "a.mrc one", 'b.mrc ""'));
  put("rowless.star", star(IMAGES));
  put("unequal.star", star(IMAGES, "a.mrc one", "b.mrc"));
  put("imageless.star", star(IMAGES, "a.mrc one", "none.mrc two"));
  put("nan.star", star(IMAGES, "a.mrc one", "nan.mrc two"));
  put("cellless.star", star(IMAGES, "a.mrc one", "cellless.mrc two"));
  put("stack.star", star(IMAGES, "1@a.mrc one", "b.mrc two"));
  put("placeless.star", star(["cosnetClassName"], "one", "two"));
  put("outside.star", OPTICS + star(POSITIONS, "9999 0 0 a.mrc one", "16 16 16 a.mrc two"));
  put("tomograms.star", OPTICS + star(POSITIONS, "16 16 16 a.mrc one", "16 16 16 b.mrc two"));
  put("binary.star", good.subarray(0, 3000));
});

async function run(...args: string[]) {
  const terminal = captureTerminal();
  const code = await runCommandLine(args, terminal);
  return { code, out: terminal.outText(), err: terminal.errText() };
}

const classifying = (support: string, ...more: string[]) => [
  ...["classify", "--examples", support, "--particles", "particles.star", "--output", "out", "--model", "model.onnx"],
  ...more,
];

describe("one line, an exit code, nothing left behind", () => {
  test.each<[input: string, args: string[], code: number, line: RegExp]>([
    ["an empty volume", ["info", "blank.mrc"], 1, /the file is empty/],
    ["half a header", ["info", "short.mrc"], 1, /500 bytes are too few for the 1024-byte MRC header/],
    ["a truncated volume", ["info", "cut.mrc"], 1, /truncated: .* need 132096 bytes, the file has 60000/],
    ["a transform", ["info", "mode3.mrc"], 1, /mode 3 \(complex int16: a transform, not a volume\)/],
    ["an unknown mode", ["info", "mode99.mrc"], 1, /mode 99 is unknown/],
    ["a size of 2^31 - 1", ["info", "wide.mrc"], 1, /sizes 2147483647 x 32 x 32 and mode 2 make no sense/],
    ["a negative size", ["info", "negative.mrc"], 1, /sizes -32 x 32 x 32/],
    ["4 GB claimed by a small file", ["info", "large.mrc"], 1, /need 4294968320 bytes, the file has 132096/],
    ["corrupt gzip", ["info", "cut.mrc.gz"], 1, /gzip data are corrupt or truncated/],
    ["another compression", ["info", "packed.mrc.bz"], 1, /compressed by bzip2, .*\n {2}Unpack it \(bunzip2 /],
    ["a missing file", ["info", "none.mrc"], 1, /there is no such file or folder/],
    ["a folder", ["info", "empty"], 1, /this is a folder, not a file/],
    ["too little to fill up", ["convert", "cut.mrc", "x.mrc", "--permissive"], 1, /less than half of it is there/],
    ["NaN as integers", ["convert", "nan.mrc", "x.mrc", "--mode", "0"], 2, /NaN does not fit mode 0 .*--clamp/s],
    ["an unknown kind of output", ["convert", "a.mrc", "x.xyz"], 2, /the name does not say what to write/],
    ["a missing output folder", ["convert", "a.mrc", "none/x.mrc"], 1, /cannot be written: there is no such file/],
    ["a file as output folder", classifying("good.star").with(6, "a.mrc"), 1, /there is a file of that name already/],
    ["a voxel size of 0", ["convert", "a.mrc", "x.mrc", "--voxel-size=0"], 2, /Give a number from 0.05 to 1000/],
    ["a voxel size of 1e9", ["convert", "a.mrc", "x.mrc", "--voxel-size=1e9"], 2, /from 0.05 to 1000/],
    ["examples of one class", classifying("one-class.star"), 1, /all examples are of one class, one/],
    [
      "examples before particles",
      classifying("one-class.star").with(4, "imageless.star"),
      1,
      /all examples are of one/,
    ],
    ["a class without a name", classifying("nameless.star"), 1, /particle 2: the example does not say which class/],
    ["a list without rows", classifying("rowless.star"), 1, /the particle list is empty/],
    ["a row too short", classifying("unequal.star"), 1, /line 7: .* 2 labels, but this row has 1 value/],
    ["a missing image", classifying("imageless.star"), 1, /none.mrc: cannot be read.*\n {2}It belongs to .*particle 2/],
    ["NaN in an image", classifying("nan.star"), 1, /particle 2: the box holds values that are not numbers/],
    ["no voxel size", classifying("cellless.star"), 1, /neither the list nor the file states a voxel size/],
    ["a slice of a 2-D stack", classifying("stack.star"), 1, /particle 1: its image 1@a.mrc is a slice of a 2-D stack/],
    ["neither image nor place", classifying("placeless.star"), 1, /neither an image \(rlnImageName\) nor a position/],
    ["a place outside", classifying("outside.star"), 1, /particle 1: more than half of its box lies outside/],
    ["two tomograms as one", classifying("tomograms.star", "--tomogram", "a.mrc"), 1, /2 tomograms, and --tomogram is/],
    ["a volume as list", classifying("a.mrc"), 1, /a\.mrc: this is not a particle list/],
    ["bytes as list", classifying("binary.star"), 1, /this is not a particle list/],
    ["half a model", classifying("good.star").with(8, "cut.onnx"), 1, /cut\.onnx: this is not a complete ONNX model/],
    ["text as model", classifying("good.star").with(8, "text.onnx"), 1, /text\.onnx: this is not a complete ONNX/],
    ["0 threads", classifying("good.star", "--threads", "0"), 2, /Give a whole number from 1 to 256/],
    ["an empty folder", ["simulate", "--structures", "empty", "--output", "out"], 2, /no structure or map found/],
    ["no atoms", ["simulate", "--structures", "atomless", "--output", "out"], 1, /a\.pdb: neither PDB nor mmCIF/],
    ["SNR 0", ["simulate", "--procedural", "1", "--output", "out", "--snr", "0"], 2, /Give a positive number/],
    ["too few classes", ["benchmark", "--structures", "empty"], 2, /no structure or map found/],
    ["an unknown option", ["demo", "--clases", "3"], 2, /unknown option '--clases' \(Did you mean --classes\?\)/],
    ["an unknown command", ["clasify"], 2, /unknown command 'clasify'. Did you mean classify\?/],
  ])("%s", async (_, args, code, line) => {
    const before = readdirSync(folder, { recursive: true });
    const inFolder = args.map((arg) =>
      /^[a-z0-9-]+\.[a-z.]+$|^(out|empty|atomless|none\/.*)$/.test(arg) ? path(arg) : arg,
    );
    const result = await run(...inFolder, ...(args[0] === "info" ? [] : ["--quiet"]));
    expect(result).toMatchObject({ code, out: "" });
    expect(result.err).toMatch(line);
    expect(result.err).toMatch(/^cosnet: [^\n]+\n( {2}[^\n]+\n)?$/);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });
});

describe("odd input that is fine", () => {
  const classify = (support: string, particles: string, output: string) =>
    run(
      ...["classify", "--examples", path(support), "--particles", path(particles), "--output", path(output)],
      ...["--model", path("model.onnx"), "--json", "--quiet"],
    );

  test("the list of a result names images that can be read from where it lies", async () => {
    put("named.star", star([...IMAGES, "cosnetMaskName"], "a.mrc one m.mrc", "b.mrc two n.mrc"));
    expect((await classify("good.star", "named.star", "deep/er")).code).toBe(0);
    const list = readFileSync(path("deep/er/classified.star"), "utf8");
    const { particles } = readParticles(list);
    expect(particles.map(({ imageName }) => imageName)).toEqual(["../../a.mrc", "../../b.mrc"]);
    expect(particles.map(({ extra }) => [extra.cosnetPreviousClassName, extra.cosnetPreviousMaskName])).toEqual([
      ["one", "m.mrc"],
      ["two", "n.mrc"],
    ]);
    // The result can itself be classified, and its own masks are beside it.
    expect((await classify("good.star", "deep/er/classified.star", "again")).code).toBe(0);
    expect(readdirSync(path("deep/er/masks"))).toHaveLength(2);
  });

  test("Windows line ends, and class names that are markup, paths, spaces or terminal codes", async () => {
    put(
      "names.star",
      star(IMAGES, "a.mrc '<script>alert(1)</script>'", "b.mrc '../../x/\u001b[31m é'").replaceAll("\n", "\r\n"),
    );
    const { code } = await classify("names.star", "particles.star", "named");
    expect(code).toBe(0);
    const report = readFileSync(path("named/report.html"), "utf8");
    expect(report).not.toContain("<script>");
    expect(report).toContain("&#60;script&#62;");
    const names = readParticles(readFileSync(path("named/classified.star"), "utf8")).particles.map((p) => p.className);
    for (const name of names) expect(["<script>alert(1)</script>", "../../x/\u001b[31m é"]).toContain(name);
    expect(readdirSync(path("named")).sort()).toEqual(["classified.json", "classified.star", "masks", "report.html"]);
  });

  test("a warning about ten thousand files is one line", async () => {
    const result = await run(
      ...[
        "classify",
        "--examples",
        path("good.star"),
        "--particles",
        path("particles.star"),
        "--output",
        path("sized"),
      ],
      ...["--model", path("model.onnx"), "--voxel-size", "12", "--quiet"],
    );
    expect(result.code).toBe(0);
    const lines = result.err.split("\n").filter((line) => line.includes("overridden"));
    expect(lines).toHaveLength(2); // of the examples and of the particles
    expect(lines[1]).toMatch(/overridden by 12 \(3 files, the first is .*a\.mrc\)$/);
  });
});
