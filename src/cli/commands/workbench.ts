import { declareCommand } from "../command-declaration.js";
import { given } from "../given.js";
import { argument, onUnlessNot, option } from "../option.js";
import { integerOption, numberOption } from "../option-values.js";

export const workbenchCommand = declareCommand({
  name: "workbench",
  description:
    "Look at tomograms in the browser, click one particle of each kind, and see all the others. Press Ctrl-C to stop it; what was done is kept in the project's folder.",
  options: {
    tomograms: argument("any", "tomograms to open: MRC of any size; EM, TIFF, NumPy, HDF5, OME-Zarr"),
    project: option("<folder>", "holds all that is done; opened again where it is there", String, "cosnet-project"),
    folder: option(
      "<folders...>",
      "folders whose files the page may open, beside those that the tomograms are in (default: the current one where no tomogram is named)",
    ),
    port: option("<number>", "port of the page (default: any that is free)", integerOption(0, 65_535)),
    host: option(
      "<address>",
      "address to listen on; with another than the default other computers reach the page, unencrypted",
      String,
      "127.0.0.1",
    ),
    open: onUnlessNot("print the link only, and do not open the page in the browser"),
    largestFile: option("<gigabytes>", "largest file that can be dropped on the page", numberOption(0.001, 10_000), 4),
  },
  examples: [
    ["cosnet workbench tomogram.mrc", "opens the page; the project is in cosnet-project/"],
    ["cosnet workbench TS_*.mrc --project ribosomes/", "several tomograms in one project"],
    ["cosnet workbench --project ribosomes/", "opens it again as it was"],
    [
      "ssh -L 8123:127.0.0.1:8123 cluster cosnet workbench tomogram.mrc --port 8123 --no-open",
      "on another computer; open the link here",
    ],
  ],
  async run(flags, { signal, onWarning }, { terminal }) {
    const { hasDesktop, isLoopback, openPage, startWorkbench } = await import("../../workbench/server/index.js");
    await using workbench = await startWorkbench({
      tomogramPaths: flags.tomograms,
      projectFolder: flags.project,
      ...given({ folders: flags.folder, port: flags.port }),
      host: flags.host,
      largestUploadBytes: flags.largestFile * 2 ** 30,
    });
    const { url, projectFolder } = workbench;
    if (!isLoopback(flags.host))
      onWarning("other computers reach this page, and whoever sees the link can read the folders that are open");
    terminal.out(flags.json ? `${JSON.stringify({ url, projectFolder })}\n` : `The workbench is at ${url}\n`);
    await using _ = flags.open && hasDesktop() ? await openPage(url, projectFolder) : undefined;
    await Promise.race([aborted(signal), workbench.ended]);
    return {
      text: `The project is in ${projectFolder}`,
      summary: { command: "workbench", projectFolder },
      endsWhenStopped: true,
    };
  },
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
