// Files of every kind that cosnet writes, and what a reader should see in each.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeOmeZarr } from "../../dist/files/tomogram/index.js";
import { VOLUME_FILE_CODECS, writeGlb, writeMrc, writePly, writeStl } from "../../dist/io/index.js";
import { convertFile } from "../../dist/jobs/convert/index.js";
import { placeMesh, surfaceMesh } from "../../dist/volume/index.js";

export const VOXEL_SIZE_ANGSTROM = 7.84;
/** [nz, ny, nx]: three different edges, one longer than a chunk of OME-Zarr. */
export const SHAPE = [66, 5, 4];
/** Å from the centre of the first voxel. */
export const POSITIONS = [
  [0, 0, 0],
  [3.92, 7.84, 101.25],
  [23.52, 31.36, 509.6],
];

const VALUES = {
  labels: (i) => i % 100,
  negative: (i) => (i % 201) - 100,
  int16: (i) => 20 * i - 13_000,
  uint16: (i) => 45 * i,
  real: (i) => ((i % 2001) - 1000) / 4,
};

/** MRC: what is written of it, its values and the options of the writer. */
const MRC = [
  ["mode 0, labels", "labels", { mode: 0 }],
  ["mode 0, negative", "negative", { mode: 0 }],
  ["mode 1", "int16", { mode: 1 }],
  ["mode 2", "real", { mode: 2 }],
  ["mode 2, origin", "real", { mode: 2, originAngstrom: { x: 78.4, y: 156.8, z: 784 } }],
  ["mode 2, big-endian", "real", { mode: 2, byteOrder: "big" }],
  ["mode 6", "uint16", { mode: 6 }],
  ["mode 12", "real", { mode: 12 }],
];

function volumeOf(kind) {
  const data = Float32Array.from({ length: SHAPE[0] * SHAPE[1] * SHAPE[2] }, (_, i) => VALUES[kind](i));
  return { data, shape: SHAPE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM };
}

/** Writes them all into a folder. Gives `{ kind, name, path, expected }`, `expected` with values, corners or positions. */
export async function writeOutputs(folder) {
  mkdirSync(folder, { recursive: true });
  return [
    ...writeMaps(folder),
    ...(await writeVolumes(folder)),
    ...writeSurfaces(folder),
    ...(await writeLists(folder)),
  ];
}

function writeMaps(folder) {
  return MRC.map(([name, kind, options], i) => {
    const path = join(folder, `map-${i}.mrc`);
    const volume = volumeOf(kind);
    writeFileSync(path, writeMrc(volume, options));
    return { kind: "mrc", name, path, expected: { values: [...volume.data], originAngstrom: options.originAngstrom } };
  });
}

async function writeVolumes(folder) {
  const volume = volumeOf("real");
  const expected = { values: [...volume.data] };
  const outputs = [];
  for (const kind of ["tiff", "npy", "hdf5", "em"]) {
    const path = join(folder, `volume.${kind}`);
    writeFileSync(path, await VOLUME_FILE_CODECS[kind].encode(volume, {}));
    outputs.push({ kind, name: { tiff: "TIFF", npy: "NumPy", hdf5: "HDF5 (EMAN2)", em: "EM" }[kind], path, expected });
  }
  const path = join(folder, "volume.zarr");
  await writeOmeZarr(path, volume, { name: "tomogram" });
  return [...outputs, { kind: "zarr", name: "OME-Zarr 0.5", path, expected }];
}

function writeSurfaces(folder) {
  const ball = Float32Array.from({ length: 9 ** 3 }, (_, i) => {
    const [z, y, x] = [Math.floor(i / 81) - 4, (Math.floor(i / 9) % 9) - 4, (i % 9) - 3];
    return 3 - Math.hypot(x, y, z);
  });
  const mesh = placeMesh(surfaceMesh(ball, [9, 9, 9], 0), VOXEL_SIZE_ANGSTROM, { x: 100, y: -50, z: 2000 });
  const corners = [...mesh.triangles].flatMap((i) => [...mesh.positions.slice(3 * i, 3 * i + 3)]);
  return Object.entries({ glb: writeGlb, stl: writeStl, ply: writePly }).map(([kind, write]) => {
    const path = join(folder, `surface.${kind}`);
    writeFileSync(path, Buffer.concat([...write([{ name: "particle-1", mesh, colour: [200, 80, 40] }])]));
    return { kind, name: kind === "glb" ? "glb" : kind.toUpperCase(), path, expected: { corners } };
  });
}

async function writeLists(folder) {
  const csv = join(folder, "truth.csv");
  const rows = POSITIONS.map((position, i) => `TS_1,ribosome,0.${5 + i},${position.join()},1,0,0,0`);
  writeFileSync(csv, `tomogram,class,score,x_angstrom,y_angstrom,z_angstrom,qw,qx,qy,qz\n${rows.join("\n")}\n`);
  const options = {
    voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM,
    sizeVoxels: { x: SHAPE[2], y: SHAPE[1], z: SHAPE[0] },
    lossy: true,
  };
  const outputs = [];
  for (const [to, name] of Object.entries(LISTS)) {
    const path = join(
      folder,
      `${to}.${to === "portal" ? "ndjson" : to === "csv" ? "csv" : to === "imod" ? "mod" : "star"}`,
    );
    await convertFile(csv, path, { to, ...options });
    outputs.push({ kind: to, name, path, expected: { positions: POSITIONS } });
  }
  return outputs;
}

const LISTS = {
  relion5: "RELION 5 list",
  "relion3.1": "RELION 3.1 list",
  csv: "CSV list",
  portal: "NDJSON of the CryoET Data Portal",
  imod: "IMOD model",
};
