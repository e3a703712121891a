/** Messages over a connection: the length of each, then its bytes as V8 serialises values. */
import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";

/** One end of a connection. */
export interface Wire<Out> {
  send(message: Out): void;
  /** Says nothing more, and closes once what was said has gone out. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

/** What is heard at one end. */
export interface WireEvents<In> {
  onMessage(message: In): void;
  /** It is closed, in whatever way; told once. */
  onClosed(): void;
}

const HEADER_BYTES = 8;

/** Speaks over an open socket. The other end is to be known before: V8's values are for those who trust each other. */
export function openWire<In, Out>(socket: Socket, { onMessage, onClosed }: WireEvents<In>): Wire<Out> {
  const parts: Buffer[] = [];
  let held = 0;
  const take = (part: Buffer): void => {
    parts.push(part);
    held += part.length;
    for (;;) {
      if (held < HEADER_BYTES) return;
      const first = parts[0]!; // there is one, as some bytes are held
      if (first.length < HEADER_BYTES) parts.splice(0, parts.length, Buffer.concat(parts));
      const length = Number(parts[0]!.readBigUInt64LE(0));
      if (held < HEADER_BYTES + length) return;
      const all = Buffer.concat(parts.splice(0));
      const rest = all.subarray(HEADER_BYTES + length);
      if (rest.length > 0) parts.push(rest);
      held = rest.length;
      onMessage(deserialize(all.subarray(HEADER_BYTES, HEADER_BYTES + length)) as In); // what `send` took
    }
  };
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 10_000);
  socket.on("data", take);
  socket.on("error", () => {}); // "close" follows
  socket.once("close", onClosed);
  return {
    send(message) {
      const bytes = serialize(message);
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeBigUInt64LE(BigInt(bytes.length));
      socket.cork();
      socket.write(header);
      socket.write(bytes);
      socket.uncork();
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}
