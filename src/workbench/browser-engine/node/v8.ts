/** In place of `node:v8`: plain data with typed arrays as bytes. */
import { decodeEnvelope, encodeEnvelope } from "../../protocol/index.js";

export const serialize = encodeEnvelope;
/** A copy, for what is read may still be a part of the file in memory. */
export const deserialize = (bytes: Uint8Array): unknown => decodeEnvelope(new Uint8Array(bytes));
