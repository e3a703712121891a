import type { CommandDeclaration } from "../command-line.js";

/** Every command, in the order in which help lists them. */
export const ALL_COMMANDS: readonly CommandDeclaration[] = [];
