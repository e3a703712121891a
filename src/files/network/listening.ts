/** From when a server begins to listen until it has ended. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "../../errors.js";

/** Gives the port, which is any that is free where 0 is asked for. @throws ConfigError when it cannot be had. */
export function listening(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listeningError(cause, port, host)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function listeningError(cause: NodeJS.ErrnoException, port: number, host: string): unknown {
  const another = "Give another --port, or none for any that is free.";
  if (cause.code === "EADDRINUSE") return new ConfigError(`port ${port} is taken`, { cause, hint: another });
  if (cause.code === "EACCES") return new ConfigError(`port ${port} is not allowed`, { cause, hint: another });
  if (cause.code === "EADDRNOTAVAIL" || cause.code === "ENOTFOUND")
    return new ConfigError(`${host} is no address of this computer`, { cause, hint: "Give another --host." });
  return cause;
}

/** Ends a server with all its connections, whatever is still on its way. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
