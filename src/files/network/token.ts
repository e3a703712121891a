import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Characters of a token. */
export const TOKEN_LENGTH = 32;

/** 192 random bits in letters, digits, - and _: whoever knows them may speak with this process. */
export function createToken(): string {
  return randomBytes((TOKEN_LENGTH * 3) / 4).toString("base64url");
}

/** In a time that tells nothing of where they differ, nor of their lengths. */
export function isToken(given: string | Uint8Array, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}
