/** What is said to the person for a while: failures with what to do about them, and what was done. */
import { signal } from "@preact/signals";
import { failureOf } from "../../protocol/index.js";

export interface Message {
  readonly id: number;
  readonly kind: "failure" | "warning" | "done";
  readonly text: string;
  readonly hint?: string | undefined;
}

export const messages = signal<readonly Message[]>([]);

const MOST_MESSAGES = 4;
/** What was done needs no answer; failures and warnings stay until they are closed, or long enough to be read. */
const SHOWN_MILLISECONDS = { done: 5000, warning: 60_000, failure: 30_000 } as const;
let lastId = 0;

export function say(kind: Message["kind"], text: string, hint?: string): void {
  if (messages.value.some((message) => message.text === text && message.kind === kind)) return;
  const id = ++lastId;
  messages.value = [...messages.value, { id, kind, text, hint }].slice(-MOST_MESSAGES);
  setTimeout(() => closeMessage(id), SHOWN_MILLISECONDS[kind]);
}

export function closeMessage(id: number): void {
  messages.value = messages.value.filter((message) => message.id !== id);
}

export function sayFailure(error: unknown): void {
  const { tag, reason, where, hint } = failureOf(error);
  if (tag === "abort") return;
  const text = where ? `${where}: ${reason}` : reason;
  say("failure", text, hint ?? (tag === "bug" ? "This is a fault of cosnet: please report it." : undefined));
}

/** What work gives, or undefined after its failure was said. */
export async function orSay<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    sayFailure(error);
    return undefined;
  }
}
