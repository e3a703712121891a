/** The engine in a browser, answering as soon as it is asked; what cannot be opened says so in each answer. */
import { ConfigError, isCosnetError } from "../../errors.js";
import { openEngine } from "../engine/index.js";
import {
  type EngineEvent,
  engineOverCalls,
  type FileLike,
  type ProjectState,
  type WorkbenchEngine,
} from "../protocol/index.js";
import { mountFile } from "./file-system/mount.js";
import { type Keeping, keepProject } from "./keeping/keeping.js";
import { mkdir } from "./node/file-system-promises.js";
import { type ChosenDevice, chooseDevice, findGraphicsProcessor, tryModels } from "./runtime/choose-device.js";
import { askedDevice } from "./runtime/device.js";
import { runtimeText } from "./runtime/runtime-text.js";
import { placeModels, placePackage } from "./site-files.js";

const [PROJECT, FILES] = ["/project", "/files"] as const;

/** How long an earlier visit of this tab may take to let go of the project. */
const WAIT_MILLISECONDS = 3000;

export type BrowserEngine = WorkbenchEngine & { addFile(file: FileLike): Promise<string> };

export function openBrowserEngine(onEvent: (event: EngineEvent) => void): BrowserEngine {
  const opening = open(onEvent);
  opening.catch(() => {}); // told to whoever asks
  const engine = engineOverCalls(async (method, parameters) => {
    const { engine } = await opening;
    return (engine[method] as (...given: readonly unknown[]) => Promise<unknown>)(...parameters);
  });
  return {
    ...engine,
    about: async () => ({ ...(await engine.about()), runtime: (await opening).runtime() }),
    async addFile(file) {
      const { keeping } = await opening;
      const path = mountFile(FILES, file);
      keeping.keepMounted(path, file).catch((error) => onEvent({ type: "warning", text: sentence(error) }));
      return path;
    },
  };
}

interface Opened {
  readonly engine: WorkbenchEngine;
  readonly keeping: Keeping;
  /** Where it computes, as far as that is known. */
  readonly runtime: () => string;
}

async function open(onEvent: (event: EngineEvent) => void): Promise<Opened> {
  await takeProject();
  await Promise.all([PROJECT, FILES, "/tmp"].map((folder) => mkdir(folder, { recursive: true })));
  await placePackage();
  let runtime = "in this page";
  const choosing = chooseForThisPage();
  choosing.then(
    (chosen) => {
      runtime = runtimeText(chosen);
      onEvent({ type: "runtime", text: runtime });
      if (chosen.warning !== undefined) onEvent({ type: "warning", text: chosen.warning });
    },
    () => {}, // told to whoever starts a run
  );
  const keeping = await keepProject(PROJECT, [`${PROJECT}/work`]);
  const engine = await openEngine({
    ...{ projectFolder: PROJECT, projectName: "this browser", openedFolders: [FILES] },
    ...{ runtime, isLocal: false },
    networks: choosing.then(({ device }) => ({ device })),
    onEvent(event) {
      onEvent(event);
      if (event.type === "project") keepRuns(event.state);
    },
  });
  /** Steps are kept before they count; runs when they have ended. */
  const keepRuns = (_state: ProjectState): void => {
    keeping.keep().catch((error) => onEvent({ type: "warning", text: sentence(error) }));
  };
  return { engine, keeping, runtime: () => runtime };
}

/** Fetches the models, and tries them where WebGPU may be used. @throws FileError when they cannot be fetched. */
async function chooseForThisPage(): Promise<ChosenDevice> {
  const { detector } = await placeModels();
  const isTimed = askedDevice === "auto";
  return chooseDevice(askedDevice, findGraphicsProcessor, () => tryModels(detector, { isTimed }));
}

/** @throws ConfigError when another tab has the project open. */
async function takeProject(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const signal = AbortSignal.timeout(WAIT_MILLISECONDS);
    const held = navigator.locks.request("cosnet-workbench", { signal }, () => {
      resolve();
      return new Promise(() => {}); // until this worker ends
    });
    held.catch((cause) =>
      reject(
        new ConfigError("the workbench is open in another tab of this browser", {
          cause,
          hint: "Go on there, or close that tab and load this page again.",
        }),
      ),
    );
  });
}

function sentence(error: unknown): string {
  return isCosnetError(error) ? [error.message, error.hint].filter(Boolean).join(". ") : String(error);
}
