export { type ComplexSplit, HELD_OUT_EVERY, splitComplexes } from "./held-out.js";
export { type LoadComplexesOptions, loadComplex, loadComplexes } from "./load.js";
export { type ComplexSource, checkComplexSource, complexesFrom } from "./source.js";
export { trainingComplexes } from "./training-set.js";
