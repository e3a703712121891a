/** Everything that runs behind the page: the engine on a project, and the server. */
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { countText } from "../../count-text.js";
import { ensureWritableFolder, realPath } from "../../files/disk/index.js";
import { type RunningEngine, startEngine } from "./engine-thread.js";
import { type ServerOptions, startServer } from "./server.js";

export interface WorkbenchOptions extends Pick<ServerOptions, "host" | "port" | "largestUploadBytes"> {
  /** Opened in the project, unless they are open already. */
  readonly tomogramPaths: readonly string[];
  /** Made where there is none. */
  readonly projectFolder: string;
  /** Whose files the page may open beside those of the tomograms' folders; the current one where there is neither. */
  readonly folders?: readonly string[];
  /** Where the page is when it is not beside this code. */
  readonly pageFolder?: string;
}

export interface Workbench extends AsyncDisposable {
  /** With the token: whoever has it can do what the page can. */
  readonly url: string;
  readonly port: number;
  readonly projectFolder: string;
  /** Rejects should the engine end by itself. */
  readonly ended: Promise<never>;
}

const PAGE_FOLDER = fileURLToPath(new URL("../page/", import.meta.url));

/** @throws ConfigError when the port is taken or the project is open elsewhere; FileError, FormatError. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { tomogramPaths, folders = [], pageFolder = PAGE_FOLDER } = options;
  const paths = await Promise.all(tomogramPaths.map((path) => realPath(resolve(path))));
  await ensureWritableFolder(options.projectFolder);
  const projectFolder = await realPath(options.projectFolder);
  const opened = await Promise.all([...folders, ...paths.map((path) => dirname(path))].map(realPath));
  if (opened.length === 0) opened.push(await realPath("."));
  const engine = await startEngine({
    projectFolder,
    openedFolders: [...new Set([...opened, projectFolder])],
    runtime: `Node ${process.versions.node}, ${countText(availableParallelism(), "thread")}`,
    isLocal: true,
  });
  try {
    await addTomograms(engine, paths);
    void openFirst(engine);
    const { host, port, largestUploadBytes } = options;
    const server = await startServer({
      ...{ engine, pageFolder, uploadFolder: join(projectFolder, "files") },
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      ...(largestUploadBytes !== undefined && { largestUploadBytes }),
    });
    return {
      ...{ url: server.url, port: server.port, projectFolder, ended: engine.ended },
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await engine[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

async function addTomograms(engine: RunningEngine, paths: readonly string[]): Promise<void> {
  const { project } = await engine.state();
  const open = new Set(project.tomograms.map(({ path }) => path));
  for (const path of new Set(paths))
    if (!open.has(path)) await engine.take({ type: "add-tomogram", path, isNamedAtStart: true });
}

/** Has the engine open what the page shows first, while the browser starts. */
async function openFirst(engine: RunningEngine): Promise<void> {
  const [tomogram] = (await engine.state()).project.tomograms;
  if (!tomogram) return;
  try {
    const { id, shape } = await engine.tomogram(tomogram.id);
    await engine.sections({ tomogramId: id, axis: "z", index: Math.round((shape[0] - 1) / 2) });
  } catch {
    // The page asks again, and tells what is wrong.
  }
}
