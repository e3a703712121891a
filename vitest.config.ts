import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What changes a process, or measures it. */
const ALONE = ["buffers", "disposal", "docs", "leaks", "linear-patterns", "relion", "slurm/slurm"].map(
  (name) => `test/${name}.test.ts`,
);

/** Begins with the long files, those of test/, so that none is left alone on one core at the end. */
class UnitsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isUnit = ({ moduleId }: TestSpecification) => relative(import.meta.dirname, moduleId).startsWith("src");
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => !isUnit(file)), ...sorted.filter(isUnit)];
  }
}

export default defineConfig({
  test: {
    // A guard against hanging, not a bound on speed: the longest test takes half a minute on two quiet cores, far more on a loaded one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // The same, for what a page does a moment after it was asked to.
    expect: { poll: { timeout: 30_000 } },
    // One more than the cores of continuous integration: tests of the page, of WebGPU and of Slurm wait for much of their time.
    maxWorkers: 3,
    sequence: { sequencer: UnitsLast },
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      // Modules are loaded once for all files of a worker: loading them for each took longer than many of the tests.
      {
        extends: true,
        test: { name: "together", include: ["{src,test}/**/*.test.ts"], exclude: ALONE, isolate: false },
      },
    ],
  },
});
