// MRC maps by viewers of molecules: `[nz, ny, nx]`, values with x fastest, voxel size and origin.
import { createRequire } from "node:module";
import { bufferOf, bytesOf } from "./files.mjs";

const require = createRequire(import.meta.url);

/** The little of a browser that viewers ask for while they load. */
function pretendBrowser() {
  const element = () => ({ getContext: () => null, style: {}, appendChild() {} });
  globalThis.window = globalThis.self = globalThis;
  globalThis.navigator ??= { userAgent: "node", platform: "node" };
  globalThis.document = {
    createElement: element,
    getElementsByClassName: () => [],
    getElementsByTagName: () => [],
    querySelectorAll: () => [],
    addEventListener() {},
    head: element(),
    body: element(),
  };
  globalThis.location = { href: "http://localhost/", search: "" };
  globalThis.FileReader = class {
    async readAsArrayBuffer(blob) {
      this.result = await blob.arrayBuffer();
      this.onload?.({ target: this });
    }
  };
}

export async function molstar(path) {
  const { parse } = require("molstar/lib/commonjs/mol-io/reader/ccp4/parser");
  const { volumeFromCcp4 } = require("molstar/lib/commonjs/mol-model-formats/volume/ccp4");
  const parsed = await parse(bytesOf(path), "map").run();
  if (parsed.isError) throw new Error(parsed.message);
  const { grid } = await volumeFromCcp4(parsed.result).run();
  const { space, data } = grid.cells;
  const [nx, ny, nz] = space.dimensions;
  const values = [];
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) values.push(space.get(data, x, y, z));
  const { cell, fractionalBox } = grid.transform;
  const originAngstrom = [...fractionalBox.min].map((fraction, axis) => fraction * cell.size[axis]);
  return { shape: [nz, ny, nx], values, voxelSizeAngstrom: cell.size[0] / parsed.result.header.NX, originAngstrom };
}

export async function ngl(path) {
  pretendBrowser();
  const { autoLoad } = require("ngl");
  const volume = await autoLoad(new Blob([bytesOf(path)]), { ext: "mrc" });
  const voxelSizeAngstrom = volume.header.xlen / volume.header.MX;
  const originAngstrom = [...volume.matrix.elements.slice(12, 15)];
  return { shape: [volume.nz, volume.ny, volume.nx], values: [...volume.data], voxelSizeAngstrom, originAngstrom };
}

export function threeDmol(path) {
  pretendBrowser();
  const { VolumeData } = require("3dmol/build/3Dmol.js");
  const { data, size, matrix } = new VolumeData(bufferOf(path), "ccp4");
  const values = [];
  for (let z = 0; z < size.z; z++)
    for (let y = 0; y < size.y; y++) for (let x = 0; x < size.x; x++) values.push(data[(x * size.y + y) * size.z + z]);
  return {
    shape: [size.z, size.y, size.x],
    values,
    voxelSizeAngstrom: matrix.elements[0],
    originAngstrom: [...matrix.elements.slice(12, 15)],
  };
}
