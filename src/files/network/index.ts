/** What a process needs to be spoken with: a port, and a token by which it knows who may. */
export { listening } from "./listening.js";
export { createToken, isToken, TOKEN_LENGTH } from "./token.js";
