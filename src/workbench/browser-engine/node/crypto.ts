/** In place of `node:crypto`: what the house uses of it. */
import { sha256 } from "./sha256.js";

class Hash {
  readonly #parts: Uint8Array[] = [];

  update(data: Uint8Array | string): this {
    this.#parts.push(typeof data === "string" ? new TextEncoder().encode(data) : data);
    return this;
  }

  digest(_encoding: "hex"): string {
    return hexadecimal(sha256(joined(this.#parts)));
  }
}

export function createHash(_algorithm: "sha256"): Hash {
  return new Hash();
}

export function randomBytes(count: number): { toString(encoding: "hex"): string } {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return { toString: () => hexadecimal(bytes) };
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.byteLength;
  }
  return whole;
}
