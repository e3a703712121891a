/**
 * The worker of a page without a server. It listens before it loads the engine, whose modules wait for others: a browser drops messages that come
 * before somebody listens.
 */
import "./node/globals.js";
import { engineOverCalls, servePort } from "../protocol/index.js";

const loading = import("./engine.js").then(({ openBrowserEngine }) => openBrowserEngine((event) => emit(event)));
loading.catch(() => {}); // told to whoever asks

const emit = servePort(
  {
    send: (message, handedOver = []) => postMessage(message, [...handedOver]),
    receive: (take) => addEventListener("message", ({ data }) => take(data)),
  },
  {
    ...engineOverCalls(async (method, parameters) => {
      const engine = await loading;
      return (engine[method] as (...given: readonly unknown[]) => Promise<unknown>)(...parameters);
    }),
    addFile: async (file) => (await loading).addFile(file),
  },
);
