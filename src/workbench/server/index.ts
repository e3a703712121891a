/** The local server of the workbench. */
export { type ServerOptions, startServer, type WorkbenchServer } from "./server.js";
