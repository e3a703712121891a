/** A request that is not answered as asked: the status of HTTP, and the error that the page shows. */
import { ConfigError, isCosnetError } from "../../errors.js";

export class Refusal extends Error {
  constructor(
    readonly status: number,
    override readonly cause: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`refused with status ${status}`);
  }
}

export function refusal(
  status: number,
  reason: string,
  { hint, headers }: { readonly hint?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Refusal {
  return new Refusal(status, new ConfigError(reason, { hint }), headers);
}

/** The status of whatever was thrown: what a person can mend is no fault of the server. */
export function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  return isCosnetError(error) ? 422 : 500;
}

/** The error itself, without the status that it was refused with. */
export function reasonOf(error: unknown): unknown {
  return error instanceof Refusal ? error.cause : error;
}
