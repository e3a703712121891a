export { type ComplexSplit, HELD_OUT_EVERY, splitComplexes } from "./held-out.js";
export { loadComplex, loadComplexes, type LoadComplexesOptions } from "./load.js";
export { type ComplexSource, checkComplexSource, complexesFrom } from "./source.js";
export { trainingComplexes } from "./training-set.js";
