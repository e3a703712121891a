import { expect, test } from "vitest";
import { adamW, op } from "../../src/graph/index.js";
import type { Array32 } from "../../src/runtime/index.js";
import { loadFixture } from "../fixtures/load.js";
import { expectClose } from "./check-operation.js";
import { openGraph, targets } from "./run-graph.js";

/** Five steps in float32 against five in float64. */
const STEPS_TOLERANCE = 3e-6;

for (const target of targets) {
  test(`AdamW follows torch.optim.AdamW over five steps, clipped and not, ${target}`, async () => {
    const stored = loadFixture("adamw");
    const start = stored.get("start")!;
    const size = start.data.length;
    const [beta1, beta2] = [0.8, 0.95];
    const value = (name: string) => op.input(name, [1]);
    const vector = (name: string) => op.input(name, [size]);
    const { parameters, momentum, velocity, gradientNorm } = adamW(
      { parameters: vector("parameters"), momentum: vector("momentum"), velocity: vector("velocity") },
      vector("gradient"),
      {
        learningRate: value("rate"),
        momentumCorrection: value("momentumCorrection"),
        velocityCorrection: value("velocityCorrection"),
        // The first seven parameters decay, as in the fixture.
        decays: op.constant(
          Float32Array.from({ length: size }, (_, i) => Number(i < 7)),
          [size],
        ),
        weightDecay: 0.1,
        clipNorm: 3,
        beta1,
        beta2,
      },
    );
    const session = await openGraph(
      { newParameters: parameters, newMomentum: momentum, newVelocity: velocity, gradientNorm },
      { target },
    );
    const one = (number: number): Array32 => ({ data: Float32Array.of(number), shape: [1] });
    const zeros = (): Array32 => ({ data: new Float32Array(size), shape: [size] });
    let state = { parameters: start, momentum: zeros(), velocity: zeros() };
    try {
      for (const [i, rate] of stored.get("rates")!.data.entries()) {
        const gradient = stored.get(`gradient${i}`)!;
        const results = await session.run({
          ...state,
          gradient,
          rate: one(rate),
          momentumCorrection: one(1 / (1 - beta1 ** (i + 1))),
          velocityCorrection: one(1 / (1 - beta2 ** (i + 1))),
        });
        state = {
          parameters: results.newParameters!,
          momentum: results.newMomentum!,
          velocity: results.newVelocity!,
        };
        for (const name of ["parameters", "momentum", "velocity"] as const)
          expectClose(state[name], stored.get(`${name}${i}`)!, `${name} after step ${i + 1}`, STEPS_TOLERANCE);
        const length = Math.hypot(...gradient.data);
        expect(results.gradientNorm!.data[0]! / length).toBeCloseTo(1, 5);
      }
    } finally {
      await session.release();
    }
  });
}
