/** Examples as the command line names them; for `pick`, `classify` and `average`. */
export { type ExampleArgument, readExampleArgument, type VolumeArgument } from "./argument.js";
export { allExampleBoxes, readExampleBoxes } from "./boxes.js";
export { disagreementWarnings } from "./disagreement.js";
export { listOfImage, ofNamedClass, readExampleList } from "./example-list.js";
export { checkNumberedTomograms, placeOfExample } from "./place.js";
export { drawTemplate } from "./template.js";
