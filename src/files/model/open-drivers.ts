/** Whether this process computes on a graphics processor or on a program in its place, which ONNX Runtime does not tell. */
import { readdir, readlink } from "node:fs/promises";

/** By which Linux gives programs a graphics processor: Mesa's drivers, NVIDIA's, AMD's for computing, Windows', Arm's and Qualcomm's. */
const DRIVERS = /^\/dev\/(dri\/|nvidia|kfd|dxg|mali|kgsl)/;

/** Files that this process has open; undefined where the system does not tell. */
export async function openFiles(folder = "/proc/self/fd"): Promise<string[] | undefined> {
  const names = await readdir(folder).catch(() => undefined);
  return names && Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
}

export const hasDriverOpen = (files: readonly string[]): boolean => files.some((path) => DRIVERS.test(path));
