/** Whole numbers of 8 bits with their shape, which a session may take beside `Array32`. */
export interface Array8 {
  readonly data: Uint8Array | Int8Array;
  readonly shape: readonly number[];
}

/** A float32 array with its shape: what goes into a session and comes out of it. */
export interface Array32 {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** What a session takes, by name. */
export type SessionInputs = Readonly<Record<string, Array32 | Array8>>;
