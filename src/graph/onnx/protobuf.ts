/**
 * The few kinds of protocol-buffer field that ONNX needs: varints, 32-bit floats and length-delimited bytes.
 * (Protocol Buffers encoding, https://protobuf.dev/programming-guides/encoding/)
 */

/** Writes the fields of one message, in the order of the calls. */
export interface MessageWriter {
  varint(field: number, value: number | bigint): void;
  float(field: number, value: number): void;
  text(field: number, value: string): void;
  bytes(field: number, value: Uint8Array): void;
  /** Fields that are encoded already. */
  encoded(fields: Uint8Array): void;
  message(field: number, write: (writer: MessageWriter) => void): void;
  finish(): Uint8Array;
}

export function createMessageWriter(): MessageWriter {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const push = (chunk: Uint8Array): void => {
    chunks.push(chunk);
    length += chunk.length;
  };
  const key = (field: number, wireType: number): void => push(encodeVarint(field * 8 + wireType));
  const writer: MessageWriter = {
    varint(field, value) {
      key(field, 0);
      push(encodeVarint(value));
    },
    float(field, value) {
      key(field, 5);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value, true);
      push(bytes);
    },
    bytes(field, value) {
      key(field, 2);
      push(encodeVarint(value.length));
      push(value);
    },
    encoded: push,
    text: (field, value) => writer.bytes(field, new TextEncoder().encode(value)),
    message(field, write) {
      const inner = createMessageWriter();
      write(inner);
      writer.bytes(field, inner.finish());
    },
    finish() {
      const out = new Uint8Array(length);
      let offset = 0;
      for (const chunk of chunks) {
        out.set(chunk, offset);
        offset += chunk.length;
      }
      return out;
    },
  };
  return writer;
}

/** Negative numbers take ten bytes: two's complement in 64 bits. */
function encodeVarint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

/** One field of a message as it was read. */
export interface Field {
  readonly field: number;
  /** The value of a varint field (ONNX enumerations and lengths fit a double). */
  readonly varint: number;
  /** The payload of a length-delimited field, a view into the message. */
  readonly bytes: Uint8Array;
  /** The whole field, key and length included, a view into the message. */
  readonly encoded: Uint8Array;
}

/**
 * The fields of one message, in file order.
 * @throws RangeError when the message is cut off or has a wire type that protocol buffers do not define.
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[offset++];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError(`the message breaks off at byte ${offset}`);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const take = (count: number): Uint8Array => {
    if (offset + count > message.length) throw new RangeError(`the message breaks off at byte ${message.length}`);
    offset += count;
    return message.subarray(offset - count, offset);
  };
  while (offset < message.length) {
    const start = offset;
    const key = varint();
    const field = Math.floor(key / 8);
    const wireType = key % 8;
    let value = 0;
    let bytes: Uint8Array = EMPTY;
    if (wireType === 0) value = varint();
    else if (wireType === 1) bytes = take(8);
    else if (wireType === 2) bytes = take(varint());
    else if (wireType === 5) bytes = take(4);
    else throw new RangeError(`wire type ${wireType} at byte ${offset}`);
    yield { field, varint: value, bytes, encoded: message.subarray(start, offset) };
  }
}

const EMPTY = new Uint8Array(0);
