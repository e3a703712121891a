import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // A guard against hanging, not a bound on speed: the longest test takes half a minute on two quiet cores, far more on a loaded one.
    testTimeout: 600_000,
    // The same, for what a page does a moment after it was asked to.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
