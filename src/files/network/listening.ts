import type { AddressInfo, Server } from "node:net";
import { ConfigError } from "../../errors.js";

export interface ListeningOptions {
  /** Any that is free where it is 0. */
  readonly port: number;
  readonly host: string;
  /** What to do where the host is no address of this computer. */
  readonly hostHint: string;
}

/** Gives the port. @throws ConfigError when it cannot be had. */
export function listening(server: Server, options: ListeningOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listeningError(cause, options)));
    // A server that listens on a port, not on a pipe, has an address of this kind.
    server.listen(options.port, options.host, () => resolve((server.address() as AddressInfo).port));
  });
}

function listeningError(cause: NodeJS.ErrnoException, { port, host, hostHint }: ListeningOptions): unknown {
  const another = "Give another --port, or none for any that is free.";
  if (cause.code === "EADDRINUSE") return new ConfigError(`port ${port} is taken`, { cause, hint: another });
  if (cause.code === "EACCES") return new ConfigError(`port ${port} is not allowed`, { cause, hint: another });
  if (["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN"].includes(`${cause.code}`))
    return new ConfigError(`${host} is no address of this computer`, { cause, hint: hostHint });
  return cause;
}
