import type { Command } from "commander";
import type { Terminal } from "./terminal.js";

/** Adds one command to the program. The action must load its workflow lazily, so that `--help` stays instant. */
export type CommandDeclaration = (program: Command, terminal: Terminal) => void;
