// Reads one file with one package of npm and prints what it saw. Copied into the folder that the packages are installed in:
// node npm-readers/read.mjs <reader> <file>
import { molstar, ngl, threeDmol } from "./maps.mjs";
import { gltfValidator, itkMesh, three } from "./surfaces.mjs";
import { geotiff, itk, jsfive, npyjs, omeZarr, utif, zarrita } from "./volumes.mjs";

const READERS = {
  molstar,
  ngl,
  "3dmol": threeDmol,
  "@itk-wasm/image-io": itk,
  "@itk-wasm/mesh-io": itkMesh,
  zarrita,
  "ome-zarr.js": omeZarr,
  npyjs,
  jsfive,
  geotiff,
  utif,
  three,
  "gltf-validator": gltfValidator,
};
const [name, path] = process.argv.slice(2);
const seen = await READERS[name](path);
console.log(`\n${JSON.stringify(seen)}`);
process.exit(0);
