/** Examples as the command line names them; for `pick` and `classify`. */
export { type ExampleArgument, readExampleArgument, type VolumeArgument } from "./argument.js";
export { allExampleBoxes, readExampleBoxes } from "./boxes.js";
export { disagreementWarnings } from "./disagreement.js";
export { readExampleList } from "./example-list.js";
export { checkNumberedTomograms, placeOfExample } from "./place.js";
export { drawTemplate } from "./template.js";
