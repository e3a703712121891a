import type { CommandDeclaration } from "../command-declaration.js";
import { alignCommand } from "./align.js";
import { averageCommand } from "./average.js";
import { batchCommand } from "./batch/batch.js";
import { benchmarkCommand } from "./benchmark.js";
import { classifyCommand } from "./classify.js";
import { clusterCommand } from "./cluster.js";
import { completionCommand } from "./completion.js";
import { convertCommand } from "./convert.js";
import { crfCommand } from "./crf.js";
import { demoCommand } from "./demo.js";
import { evaluateCommand } from "./evaluate.js";
import { infoCommand } from "./info.js";
import { filterCommand } from "./lists/filter.js";
import { mergeCommand } from "./lists/merge.js";
import { pickCommand } from "./pick.js";
import { reproduceCommand } from "./reproduce.js";
import { segmentCommand } from "./segment.js";
import { simulateCommand } from "./simulate/simulate.js";
import { structuresCommand } from "./structures.js";
import { trainCommand } from "./train/train.js";
import { workbenchCommand } from "./workbench.js";

/** Every command, in the order in which help lists them. */
export const ALL_COMMANDS: readonly CommandDeclaration[] = [
  demoCommand,
  workbenchCommand,
  structuresCommand,
  simulateCommand,
  trainCommand,
  classifyCommand,
  pickCommand,
  segmentCommand,
  alignCommand,
  averageCommand,
  clusterCommand,
  batchCommand,
  evaluateCommand,
  benchmarkCommand,
  crfCommand,
  reproduceCommand,
  infoCommand,
  convertCommand,
  filterCommand,
  mergeCommand,
  completionCommand,
];
