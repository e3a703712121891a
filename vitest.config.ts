import { defineConfig } from "vitest/config";

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
      { extends: true, test: { name: "program", include: ["test/**/*.test.ts"] } },
      // Modules are loaded once for all files of a worker: loading them for each took longer than the tests themselves.
      { extends: true, test: { name: "units", include: ["src/**/*.test.ts"], isolate: false } },
    ],
  },
});
