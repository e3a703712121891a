/** What can be written at once. */
export type Data = Uint8Array | string;

export function bytesOf(data: Data): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}
