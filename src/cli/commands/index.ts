import type { CommandDeclaration } from "../command-line.js";
import { demoCommand } from "./demo.js";

/** Every command, in the order in which help lists them. */
export const ALL_COMMANDS: readonly CommandDeclaration[] = [demoCommand];
