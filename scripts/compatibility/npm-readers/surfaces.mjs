// Surfaces: the corners of all triangles, in the order of the file.
import { createRequire } from "node:module";
import { bufferOf, bytesOf } from "./files.mjs";

const require = createRequire(import.meta.url);

/** The corners of a geometry's triangles, three numbers each. */
function corners(geometry) {
  const { position } = geometry.attributes;
  const order = geometry.index ? [...geometry.index.array] : Array.from({ length: position.count }, (_, i) => i);
  return order.flatMap((i) => [position.getX(i), position.getY(i), position.getZ(i)]);
}

export async function three(path) {
  if (path.endsWith(".stl")) {
    const { STLLoader } = await import("three/examples/jsm/loaders/STLLoader.js");
    return { corners: corners(new STLLoader().parse(bufferOf(path))) };
  }
  if (path.endsWith(".ply")) {
    const { PLYLoader } = await import("three/examples/jsm/loaders/PLYLoader.js");
    return { corners: corners(new PLYLoader().parse(bufferOf(path))) };
  }
  const { GLTFLoader } = await import("three/examples/jsm/loaders/GLTFLoader.js");
  const { scene } = await new GLTFLoader().parseAsync(bufferOf(path), "");
  const all = [];
  scene.updateMatrixWorld(true);
  scene.traverse((node) => {
    if (node.isMesh) all.push(...corners(node.geometry.applyMatrix4(node.matrixWorld)));
  });
  return { corners: all };
}

export async function gltfValidator(path) {
  const { issues, info } = await require("gltf-validator").validateBytes(bytesOf(path));
  if (issues.numErrors + issues.numWarnings > 0) throw new Error(issues.messages[0].message);
  return { triangles: info.totalTriangleCount };
}

export async function itkMesh(path) {
  const { readMeshNode } = await import("@itk-wasm/mesh-io");
  const { points, cells, numberOfCells } = await readMeshNode(path);
  // A cell is its kind, the number of its corners, and these.
  const triangles = Array.from({ length: numberOfCells }, (_, i) => [...cells.slice(5 * i + 2, 5 * i + 5)].map(Number));
  return { corners: triangles.flat().flatMap((i) => [...points.slice(3 * i, 3 * i + 3)]) };
}
