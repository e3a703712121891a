/** What of a run can be taken along. */
import { ConfigError } from "../../../errors.js";
import type { ExportedFile, ExportFormat } from "../../protocol/index.js";
import { decidedList } from "../runs/decided-list.js";
import type { DoneRun } from "../runs/run-file.js";
import type { RunReader } from "../runs/run-reader.js";
import { type ExportContext, exportFiles } from "./export-files.js";
import { exportList } from "./export-list.js";
import { EXPORT_FORMATS, isFilesFormat, isParticleFormat } from "./formats.js";

export interface Exports {
  readonly formats: readonly ExportFormat[];
  picks(run: DoneRun, formatId: string, context: ExportContext): Promise<readonly ExportedFile[]>;
}

/** @param onWarning told what a format has no room for. */
export function createExports(
  reader: RunReader,
  { onWarning }: { readonly onWarning: (text: string) => void },
): Exports {
  return {
    formats: EXPORT_FORMATS,
    async picks(run, formatId, context) {
      const decided = decidedList(await reader.results(run), context.project);
      if (isParticleFormat(formatId)) return exportList(run, decided, formatId, onWarning);
      if (isFilesFormat(formatId)) return exportFiles(run, { decided, ...context }, formatId);
      throw new ConfigError(`there is no format ${formatId}`, {
        hint: `Take one of ${EXPORT_FORMATS.map(({ id }) => id).join(", ")}.`,
      });
    },
  };
}
