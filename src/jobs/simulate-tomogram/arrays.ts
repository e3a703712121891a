/** NumPy arrays too large to build in memory. */
import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileError, removeAtExit } from "../../files/disk/index.js";

/** Little-endian types that arrays are written in here. */
export type NpyType = "<f4" | "|u1" | "<i8";

/** An .npy file written piece by piece in C order under a temporary name; `finish` gives it its own. */
export interface NpyWriter {
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  /** Removes what was written, unless finished. */
  discard(): Promise<void>;
}

/** @throws FileError */
export async function createNpyWriter(path: string, shape: readonly number[], type: NpyType): Promise<NpyWriter> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  const failed = (cause: unknown): never => {
    throw fileError(path, "written", cause);
  };
  const file = await open(temporary, "w").catch(failed);
  const forget = removeAtExit(temporary);
  let isOpen = true;
  const write = async (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.byteLength; )
      done += (await file.write(bytes, done, bytes.byteLength - done).catch(failed)).bytesWritten;
  };
  const close = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  await write(npyHeader(shape, type));
  return {
    write,
    async finish() {
      await close();
      await rename(temporary, path).catch(failed);
      forget();
    },
    async discard() {
      await close();
      await rm(temporary, { force: true }).catch(() => {});
      forget();
    },
  };
}

/** Version 1 of NumPy's format: magic, version, length, and a dictionary that ends on a multiple of 64 bytes. */
function npyHeader(shape: readonly number[], type: NpyType): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 0xff, length >> 8]);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`), 10);
  return bytes;
}

/** Values as little-endian bytes, whatever the machine. */
export function littleEndian(values: Float32Array | BigInt64Array): Uint8Array {
  const width = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  if (values instanceof Float32Array)
    for (let i = 0; i < values.length; i++) view.setFloat32(i * width, values[i]!, true);
  else for (let i = 0; i < values.length; i++) view.setBigInt64(i * width, values[i]!, true);
  return bytes;
}
