/** How much of a name stays in the name of a file. */
export interface PlainNameOptions {
  /** What is given where nothing of the name can stay. */
  readonly otherwise: string;
  /** Default 200 bytes of UTF-8, so that endings fit into the 255 of file systems. */
  readonly longestBytes?: number;
  /** Whether letters and digits of all scripts stay, and "+"; otherwise those of ASCII, as other programs of the field want paths. */
  readonly allScripts?: boolean;
}

/**
 * What a class, tomogram or file is called within the name of a file, on every system: `80S ribosome (yeast)` becomes
 * `80S-ribosome-yeast`. What may not stay becomes a dash between what does, no dot is in front or at the end, and names that Windows
 * has for devices get a dash. Two names may become one: whoever writes files of several keeps them apart, and no file system should
 * have to tell large letters from small ones.
 */
export function plainName(
  name: string,
  { otherwise, longestBytes = 200, allScripts = false }: PlainNameOptions,
): string {
  const others = allScripts ? /[^\p{L}\p{N}._+-]+/gu : /[^A-Za-z0-9._-]+/g;
  const begun = name
    .normalize("NFC")
    .replace(others, "-")
    .replace(/^[.-]+/, "");
  const plain = withoutTail(cut(begun, longestBytes));
  return plain === "" ? otherwise : plain.replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, "$1-");
}

/** Without the dots and dashes at the end: an expression would look for it at each of them. */
function withoutTail(text: string): string {
  let length = text.length;
  while (length > 0 && ".-".includes(text.charAt(length - 1))) length--;
  return text.slice(0, length);
}

/** The beginning of a text that takes at most this many bytes of UTF-8. */
function cut(text: string, bytes: number): string {
  // A stream's decoder waits for the rest of a character.
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes), { stream: true });
}
