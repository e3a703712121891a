/** The inner loop of padded transforms, in WebAssembly: two complex numbers fill a vector. */
import { f32x4, forward, func, i8x16, i32x4, kernelOf, local, until, v128 } from "../../wasm/index.js";

/** Sums of so many rows, of rows that lie one behind the other. */
export interface CombineShape {
  readonly rows: number;
  readonly rowBytes: number;
}

export interface CombineKernel {
  /**
   * The sum of `rows` complex rows, each times a complex factor: factors lie one behind the other from `factors` on, the rows from `first`
   * on. Leaves two numbers at a time from `into` to `end`.
   */
  combine(factors: number, first: number, into: number, end: number): void;
}

const { add, mul } = f32x4;
const COMPLEX_BYTES = 8;
/** Real and imaginary parts changed over. */
const SWAPPED = [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11];
/** Of a vector of signs and one of zeros: the sign at the real parts alone. */
const AT_REAL = [0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27];

export function combineKernel({ rows, rowBytes }: CombineShape) {
  const combine = func("combine", ["i32", "i32", "i32", "i32"], ([factors, first, into, end], declare) => {
    const [value, byReal, byImaginary] = [declare("v128"), declare("v128"), declare("v128")];
    const signs = declare("v128");
    const terms = Array.from({ length: rows }, (_, k) => {
      const factor = (part: number) => v128.load32_splat(factors, { offset: k * COMPLEX_BYTES + 4 * part });
      const term = (part: number) => mul(value, factor(part));
      return [
        local.set(value, v128.load(first, { offset: k * rowBytes })),
        local.set(byReal, k === 0 ? term(0) : add(byReal, term(0))),
        local.set(byImaginary, k === 0 ? term(1) : add(byImaginary, term(1))),
      ];
    });
    return [
      local.set(signs, i8x16.shuffle(i32x4.const(-(2 ** 31)), i32x4.const(0), AT_REAL)),
      until(into, end, [
        ...terms.flat(),
        // What was multiplied by imaginary parts is so by i: (a, b) is (-b, a).
        v128.store(into, add(byReal, v128.xor(i8x16.shuffle(byImaginary, byImaginary, SWAPPED), signs))),
        forward(first, 16),
        forward(into, 16),
      ]),
    ];
  });
  return kernelOf<CombineKernel>([combine]);
}
