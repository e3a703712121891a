import type { Array32 } from "../../src/runtime/index.js";

/** What PyTorch makes of an operation. */
interface StoredCase {
  readonly inputs: Array32[];
  readonly output: Array32;
  readonly outputGradient: Array32;
  readonly gradients: Array32[];
}

export function readCase(arrays: ReadonlyMap<string, Array32>, name: string): StoredCase {
  const numbered = (prefix: string): Array32[] => {
    const found: Array32[] = [];
    for (let array = arrays.get(`${name}/${prefix}0`); array; array = arrays.get(`${name}/${prefix}${found.length}`))
      found.push(array);
    return found;
  };
  return {
    inputs: numbered("x"),
    output: arrays.get(`${name}/y`)!,
    outputGradient: arrays.get(`${name}/dy`)!,
    gradients: numbered("dx"),
  };
}
