/** In place of `node:v8`: plain data with typed arrays as bytes. */
import { decodeEnvelope, encodeEnvelope } from "../../protocol/index.js";

export const serialize = encodeEnvelope;
export const deserialize = decodeEnvelope;
