/** A float32 array with its shape: what goes into a session and comes out of it. */
export interface Array32 {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}
