// All parsers, each with files that it reads.
import { gzipSync } from "node:zlib";
import { CSV, MDOC, MMCIF, PDB, PYTOM_PROJECTIONS } from "./seeds.mjs";

const encoded = (content) => (typeof content === "string" ? new TextEncoder().encode(content) : content);
const decoded = (bytes) => new TextDecoder().decode(bytes);

const PARTICLES = [0, 1, 2].map((i) => ({
  positionAngstrom: { x: 100.5 + 10 * i, y: 200, z: 300.25 },
  orientation: { w: 0.5, x: 0.5, y: -0.5, z: 0.5 },
  score: 0.9 - i / 10,
  classNumber: 1,
  className: "ribosome",
  tomogramName: "TS_01",
  extra: {},
}));
const LIST = {
  particles: PARTICLES,
  origin: "first-voxel",
  voxelSizeAngstrom: undefined,
  coordinatePixelSizeAngstrom: 10,
  warnings: [],
};
const PLACEMENT = { voxelSizeAngstrom: 10, tomogramSizesAngstrom: new Map([["TS_01", { x: 1000, y: 1000, z: 1000 }]]) };

/** @param cosnet the modules `io`, `graph`, `volume`, `fileKind` and the parsers of text, from `dist` or `src` */
export async function allTargets(cosnet) {
  return [
    ...(await volumeTargets(cosnet)),
    ...particleTargets(cosnet),
    ...textTargets(cosnet),
    ...otherTargets(cosnet),
  ];
}

async function volumeTargets({ io, volume: { createVolume } }) {
  const volume = createVolume(
    [3, 4, 5],
    10,
    Float32Array.from({ length: 60 }, (_, i) => i),
  );
  const { VOLUME_FILE_CODECS } = io;
  const targets = await Promise.all(
    Object.entries(VOLUME_FILE_CODECS).map(async ([format, codec]) => {
      const plain = await codec.encode(volume, {});
      const modes =
        format === "mrc" ? await Promise.all([0, 1, 6, 12].map((mode) => codec.encode(volume, { mode }))) : [];
      return {
        name: `volume ${format}`,
        seeds: [plain, ...modes],
        async parse(bytes) {
          if (!codec.recognises(bytes, bytes.length)) return undefined;
          const opened = await codec.open?.(io.memorySource(bytes), { name: "fuzz" });
          if (opened) io.validateMrc?.(bytes);
          return codec.decode(bytes, { name: "fuzz", permissive: bytes.length % 2 === 0 });
        },
      };
    }),
  );
  const store = (files) => ({ get: async (key) => files.get(key.replace(/^\//, "")) });
  const zarr = {
    name: "volume zarr",
    seeds: zarrSeeds(),
    parse: (files) => io.readZarr(store(files), { name: "fuzz" }),
  };
  return [...targets, zarr];
}

function zarrSeeds() {
  const voxels = new Uint8Array(new Float32Array(24).fill(1).buffer);
  const axes = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "angstrom" }));
  const transform = [{ type: "scale", scale: [10, 10, 10] }];
  const multiscales = [{ axes, datasets: [{ path: "0", coordinateTransformations: transform }] }];
  const json = (value) => encoded(JSON.stringify(value));
  const version2 = {
    zarr_format: 2,
    shape: [2, 3, 4],
    chunks: [2, 3, 4],
    dtype: "<f4",
    compressor: null,
    fill_value: 0,
  };
  const array3 = {
    ...{ zarr_format: 3, node_type: "array", shape: [2, 3, 4], data_type: "float32", fill_value: 0 },
    chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 3, 4] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    codecs: [{ name: "bytes", configuration: { endian: "little" } }],
  };
  return [
    new Map([
      [".zgroup", json({ zarr_format: 2 })],
      [".zattrs", json({ multiscales })],
      ["0/.zarray", json({ ...version2, order: "F", filters: null, dimension_separator: "/" })],
      ["0/0/0/0", voxels],
    ]),
    new Map([
      ["zarr.json", json({ zarr_format: 3, node_type: "group", attributes: { ome: { version: "0.5", multiscales } } })],
      ["0/zarr.json", json(array3)],
      ["0/c/0/0/0", voxels],
    ]),
  ];
}

function particleTargets({ io }) {
  const { PARTICLE_FORMATS, writeParticleList, readParticleList } = io;
  const targets = PARTICLE_FORMATS.map((format) => {
    const { content } = writeParticleList(LIST, { format, ...PLACEMENT });
    return {
      name: `particles ${format}`,
      seeds: [encoded(content)],
      parse: (bytes) => readParticleList(bytes, { name: "fuzz", format, ...PLACEMENT }),
    };
  });
  const any = targets.flatMap(({ seeds }) => seeds);
  const names = ["a.tbl", "a.csv", "a.txt", "a.coords", "a.star", "a.json", "a"];
  const recognised = (bytes) => readParticleList(bytes, { name: names[bytes.length % names.length], ...PLACEMENT });
  return [...targets, { name: "particles recognised", seeds: any, parse: recognised }];
}

function textTargets({ io, parseCsv, parseXml, parseJson, readTomogramSizes }) {
  const tomograms = encoded(io.writeTomograms(LIST, PLACEMENT));
  const star = encoded(io.writeParticleList(LIST, { format: "relion5", ...PLACEMENT }).content);
  const target = (name, seeds, parse) => ({ name, seeds: seeds.map(encoded), parse: (bytes) => parse(decoded(bytes)) });
  const mdoc = (text) => io.readMdoc(text, { name: io.looksLikeMdoc(text) ? "fuzz.mdoc" : "fuzz" });
  return [
    target("STAR", [star, tomograms, MMCIF], (text) => io.parseStar(text, { name: "fuzz" })),
    target("tomograms.star", [tomograms], (text) => readTomogramSizes(text, { name: "fuzz" })),
    target("CSV", [CSV], (text) => parseCsv(text, { name: "fuzz" })),
    target("XML", [PYTOM_PROJECTIONS], (text) => parseXml(text, { name: "fuzz" })),
    target("JSON", ['{"a": [1, 2.5, {"b": "c"}]}'], (text) => void parseJson(text, "fuzz")),
    target("mdoc", [MDOC], mdoc),
    target("PyTom projections", [PYTOM_PROJECTIONS], (text) => io.readPytomProjections(text, { name: "fuzz" })),
  ];
}

function otherTargets({ io, graph, gunzipIfNeeded, fileKind }) {
  const structures = [PDB, MMCIF].map(encoded);
  const safetensors = io.writeSafetensors(
    new Map([["weights", { dtype: "F32", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]]),
    { note: "seed" },
  );
  const zipped = structures.map((bytes) => new Uint8Array(gzipSync(bytes)));
  const everything = [...structures, ...zipped, safetensors, encoded(CSV), encoded(MDOC), encoded(PYTOM_PROJECTIONS)];
  const { op, encodeOnnx } = graph;
  const model = encodeOnnx({ y: op.relu(op.input("x", [4, 2])) }, { target: "portable", metadata: { note: "seed" } });
  return [
    { name: "structure", seeds: structures, parse: (bytes) => io.readStructure(bytes, { name: "fuzz" }) },
    { name: "structure, compressed", seeds: zipped, parse: (bytes) => io.readStructure(bytes, { name: "fuzz" }) },
    { name: "gzip", seeds: zipped, parse: (bytes) => gunzipIfNeeded(bytes, { name: "fuzz", maximumBytes: 2 ** 24 }) },
    { name: "safetensors", seeds: [safetensors], parse: (bytes) => io.readSafetensors(bytes, { name: "fuzz" }) },
    { name: "ONNX", seeds: [model], parse: (bytes) => graph.readOnnxMetadata(bytes) },
    { name: "kind of file", seeds: everything, parse: (bytes) => void fileKind(bytes) },
  ];
}
