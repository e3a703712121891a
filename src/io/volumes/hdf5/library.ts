import type * as H5 from "h5wasm";
import { FormatError } from "../../../errors.js";

/** The HDF5 library (4 MB of WebAssembly), loaded when the first file asks for it. */
async function load(): Promise<{ library: typeof H5; module: typeof H5.Module }> {
  const library = await import("h5wasm");
  const module = await library.ready;
  // Otherwise the C library writes every failure to standard error and returns null.
  module.activate_throwing_error_handler();
  return { library, module };
}

type Loaded = Awaited<ReturnType<typeof load>>;

let loading: Promise<Loaded> | undefined;
let count = 0;

/** Runs `work` on a file that holds `bytes` (or is new), in the library's own memory, and removes it again. */
async function withMemoryFile<T>(
  bytes: Uint8Array | undefined,
  work: (file: H5.File, contents: () => Uint8Array) => T,
): Promise<T> {
  loading ??= load();
  const { library, module } = await loading;
  const path = `/cosnet-${++count}.h5`;
  using _removed = { [Symbol.dispose]: () => module.FS.unlink(path) };
  if (bytes) module.FS.writeFile(path, bytes);
  const file = new library.File(path, bytes ? "r" : "w");
  let isOpen = true;
  const close = () => {
    if (isOpen) file.close();
    isOpen = false;
  };
  using _closed = { [Symbol.dispose]: close };
  return work(file, () => {
    close();
    return module.FS.readFile(path);
  });
}

/** @throws FormatError for whatever the library finds wrong with the bytes. */
export async function readInMemory<T>(bytes: Uint8Array, name: string, work: (file: H5.File) => T): Promise<T> {
  try {
    return await withMemoryFile(bytes, work);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`the HDF5 library cannot read it: ${text.split("\n")[0].slice(0, 200)}`, name, {
      cause,
      hint: "The file is truncated or corrupt; copy it again.",
    });
  }
}

/** The bytes of the file that `work` fills. */
export function writeInMemory(work: (file: H5.File) => void): Promise<Uint8Array> {
  return withMemoryFile(undefined, (file, contents) => {
    work(file);
    return contents().slice();
  });
}
