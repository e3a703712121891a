import type * as H5 from "h5wasm";
import { FormatError } from "../../../errors.js";

/** The HDF5 library (4 MB of WebAssembly), loaded when the first file asks for it. */
async function load(): Promise<{ library: typeof H5; module: typeof H5.Module }> {
  const library = await freshLibrary();
  const module = await library.ready;
  // Otherwise the C library writes every failure to standard error and returns null.
  module.activate_throwing_error_handler();
  return { library, module };
}

/** What the library says of LZF, SZIP, bitshuffle and other plug-ins. */
const UNKNOWN_FILTER = /filter\b.{0,80}not registered/i;

/** Failures after which the library is loaded anew: each leaves some of its stack behind, and 3000 of them all. */
const MOST_FAILURES = 1000;

let loads = 0;
let failures = 0;

/**
 * The library as a module of its own each time, where modules are found by address (Node, browsers without a bundler); else the
 * same again.
 */
async function freshLibrary(): Promise<typeof H5> {
  if (loads++ === 0 || typeof import.meta.resolve !== "function") return import("h5wasm");
  return import(/* @vite-ignore */ `${import.meta.resolve("h5wasm")}?${loads}`);
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
  using _removed = { [Symbol.dispose]: () => remove(module, path) };
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

interface OpenStream {
  readonly path?: string;
}

/**
 * Removes a file, and closes what the library has left open of it: a refusal of a damaged file leaves its stream behind, and after
 * 4096 of them no file could be opened.
 */
function remove(module: typeof H5.Module, path: string): void {
  const files = module.FS as unknown as {
    readonly streams: readonly (OpenStream | null | undefined)[];
    close(stream: OpenStream): void;
  };
  for (const stream of files.streams) if (stream?.path === path) files.close(stream);
  module.FS.unlink(path);
}

/** @throws FormatError for whatever the library finds wrong with the bytes. */
export async function readInMemory<T>(bytes: Uint8Array, name: string, work: (file: H5.File) => T): Promise<T> {
  try {
    return await withMemoryFile(bytes, work);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    // After an abort the library's memory is in no known state.
    if (cause instanceof WebAssembly.RuntimeError || ++failures % MOST_FAILURES === 0) loading = undefined;
    const text = cause instanceof Error ? cause.message : String(cause);
    if (UNKNOWN_FILTER.test(text))
      throw new FormatError("it is compressed with a filter that is not in the HDF5 library", name, {
        cause,
        hint: "Read are gzip, shuffle and checksums, not LZF, SZIP or bitshuffle: h5repack -f GZIP=4 FILE NEW rewrites it.",
      });
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
