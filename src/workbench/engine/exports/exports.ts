/** What of a run can be taken along. */
import { ConfigError } from "../../../errors.js";
import type { ExportedFile, ExportFormat, Project } from "../../protocol/index.js";
import type { DoneRun, RunReader } from "../runs/run-reader.js";
import { decidedList } from "./decided-list.js";
import { exportFiles } from "./export-files.js";
import { exportList } from "./export-list.js";
import { EXPORT_FORMATS, isFilesFormat, isParticleFormat } from "./formats.js";

export interface Exports {
  readonly formats: readonly ExportFormat[];
  picks(run: DoneRun, formatId: string, project: Project): Promise<readonly ExportedFile[]>;
}

/** @param onWarning told what a format has no room for. */
export function createExports(
  reader: RunReader,
  { onWarning }: { readonly onWarning: (text: string) => void },
): Exports {
  return {
    formats: EXPORT_FORMATS,
    async picks(run, formatId, project) {
      const read = await reader.results(run);
      const decided = decidedList(read, project);
      if (isParticleFormat(formatId)) return exportList(run, decided, formatId, onWarning);
      if (isFilesFormat(formatId)) return exportFiles(run, { decided, project }, formatId);
      throw new ConfigError(`there is no format ${formatId}`, {
        hint: `Take one of ${EXPORT_FORMATS.map(({ id }) => id).join(", ")}.`,
      });
    },
  };
}
