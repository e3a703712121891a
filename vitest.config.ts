import { defineConfig } from "vitest/config";

/** What changes a process, or measures it. */
const ALONE = ["buffers", "disposal", "docs", "leaks", "linear-patterns", "relion", "slurm/slurm"].map(
  (name) => `test/${name}.test.ts`,
);

export default defineConfig({
  test: {
    // A guard against hanging, not a bound on speed: the longest test takes half a minute on two quiet cores, far more on a loaded one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // The same, for what a page does a moment after it was asked to.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    // Vitest begins with the first name of these: the long ones, so that none is left alone on one core at the end.
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      // Modules are loaded once for all files of a worker: loading them for each took longer than many of the tests.
      { extends: true, test: { name: "program", include: ["test/**/*.test.ts"], exclude: ALONE, isolate: false } },
      { extends: true, test: { name: "units", include: ["src/**/*.test.ts"], isolate: false } },
    ],
  },
});
