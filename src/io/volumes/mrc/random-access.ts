/** A file, or anything else, of which any part can be read without the rest. */
export interface RandomAccessSource {
  readonly byteLength: number;
  /** Exactly `length` bytes from `offset` on; rejects when they are not there. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array): RandomAccessSource {
  return {
    byteLength: bytes.byteLength,
    read: async (offset, length) => {
      if (offset < 0 || offset + length > bytes.byteLength)
        throw new RangeError(`bytes ${offset} to ${offset + length} of ${bytes.byteLength}`);
      return bytes.subarray(offset, offset + length);
    },
  };
}
