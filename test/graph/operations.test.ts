import { describe, expect, test } from "vitest";
import { gradientRules } from "../../src/graph/gradients.js";
import { op, topologicalOrder } from "../../src/graph/index.js";
import { loadFixture } from "../fixtures/load.js";
import { checkOperation } from "./check-operation.js";
import { leaves, ofInference, operationCases, withoutDifferences } from "./operation-cases.js";
import { targets } from "./run-graph.js";
import { readCase } from "./stored-case.js";

for (const [group, cases] of Object.entries(operationCases)) {
  describe(group, () => {
    const arrays = loadFixture(group);

    test("has the same cases as its fixture", () => {
      const stored = new Set([...arrays.keys()].map((key) => key.split("/")[0]));
      expect(Object.keys(cases).sort()).toEqual([...stored].sort());
    });

    for (const [name, build] of Object.entries(cases)) {
      for (const target of targets) {
        test(`${name}, ${target}`, async () => {
          const { inputs, output, outputGradient, gradients } = readCase(arrays, name);
          expect(gradients.length).toBeGreaterThan(0);
          await checkOperation(
            {
              build,
              inputs,
              outputGradient,
              oracle: { output, gradients },
              differences: !withoutDifferences.has(name),
            },
            target,
          );
        });
      }
    }
  });
}

test("every kind of operation is checked", () => {
  const checked = new Set<string>([...leaves, ...ofInference]);
  for (const [group, cases] of Object.entries(operationCases)) {
    const arrays = loadFixture(group);
    for (const [name, build] of Object.entries(cases)) {
      const variables = readCase(arrays, name).inputs.map(({ shape }, i) => op.input(`x${i}`, shape));
      for (const { operation } of topologicalOrder([build(variables)])) checked.add(operation.kind);
    }
  }
  expect([...checked].sort()).toEqual(Object.keys(gradientRules).sort());
});
