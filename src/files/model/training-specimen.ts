/** Simulated specimens as networks are trained on them, as safetensors. */
import { FormatError } from "../../errors.js";
import { readSafetensors, type SafetensorsArray, writeSafetensors } from "../../io/index.js";
import type { TrainingSpecimen } from "../../train/index.js";
import type { Shape3 } from "../../volume/index.js";
import { readFileBytes, writeFileAtomic } from "../disk/index.js";

/** Writes a specimen; its noise-free volume is the tensor `signal`. @throws FileError */
export async function writeTrainingSpecimen(path: string, specimen: TrainingSpecimen): Promise<void> {
  const { shape, noiseFree, noise, instances, centres, classes, boxVariance, blurred } = specimen;
  const arrays = new Map<string, SafetensorsArray>([
    ["signal", { dtype: "I16", shape, data: noiseFree }],
    ["noise", { dtype: "I16", shape, data: noise }],
    ["instances", { dtype: "U16", shape, data: instances }],
    ["centres", { dtype: "F32", shape: [centres.length / 4, 4], data: centres }],
    ["classes", { dtype: "U16", shape: [classes.length], data: classes }],
  ]);
  const metadata = {
    format: "cosnet-specimen-2",
    boxVariance: String(boxVariance),
    blurred: JSON.stringify({ signal: blurred.noiseFree, noise: blurred.noise }),
  };
  await writeFileAtomic(path, writeSafetensors(arrays, metadata));
}

/** Reads what `writeTrainingSpecimen` wrote. @throws FileError, FormatError when the file is something else. */
export async function readTrainingSpecimen(path: string): Promise<TrainingSpecimen> {
  const { arrays, metadata } = readSafetensors(await readFileBytes(path), { name: path });
  const [noiseFree, noise, instances, centres, classes] = ["signal", "noise", "instances", "centres", "classes"].map(
    (name) => arrays.get(name),
  );
  if (
    metadata.format !== "cosnet-specimen-2" ||
    noiseFree?.dtype !== "I16" ||
    noise?.dtype !== "I16" ||
    instances?.dtype !== "U16" ||
    centres?.dtype !== "F32" ||
    classes?.dtype !== "U16"
  )
    throw new FormatError("this is not a specimen of a training", path, {
      hint: "Delete it; it will be made again.",
    });
  const blurred = JSON.parse(metadata.blurred ?? "{}") as { readonly signal: number[]; readonly noise: number[] };
  return {
    shape: noiseFree.shape as unknown as Shape3, // three lengths, as written
    // Shared, so that a worker that draws from them needs no copy.
    noiseFree: shared(Int16Array, noiseFree.data),
    noise: shared(Int16Array, noise.data),
    instances: shared(Uint16Array, instances.data),
    centres: centres.data,
    classes: classes.data,
    boxVariance: Number(metadata.boxVariance),
    blurred: { noiseFree: blurred.signal, noise: blurred.noise },
  };
}

function shared<T extends Int16Array | Uint16Array>(type: new (buffer: SharedArrayBuffer) => T, data: T): T {
  const copy = new type(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return copy;
}
