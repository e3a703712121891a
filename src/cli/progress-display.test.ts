import { expect, test } from "vitest";
import { captureTerminal } from "../../test/capture-terminal.js";
import { createProgressDisplay, durationText } from "./progress-display.js";

test("in a log file: a line after one second, then every five, and at the end, with rate and time left", () => {
  const terminal = captureTerminal();
  const { onProgress } = createProgressDisplay(terminal);
  for (let done = 0; done <= 100; done++) {
    onProgress({ stage: "rendering", done, total: 100, note: done === 60 ? "late" : "" });
    terminal.advance(100);
  }
  expect(terminal.errText().split("\n")).toEqual([
    "rendering: 10 of 100 (10 %), 10.0/s, 9 s left",
    "rendering: 60 of 100 (60 %), 10.0/s, 4 s left, late",
    "rendering: 100 of 100 (100 %), 10.0/s, took 10 s",
    "",
  ]);
});

test("in a log file a short stage says nothing", () => {
  const terminal = captureTerminal();
  const { onProgress } = createProgressDisplay(terminal);
  for (let done = 0; done <= 9; done++) {
    onProgress({ stage: "quick", done, total: 9 });
    terminal.advance(100);
  }
  expect(terminal.errText()).toBe("");
});

test("on a terminal: one line, cut to the width, renewed at most ten times a second", () => {
  const terminal = captureTerminal({ errorIsTty: true, columns: 20 });
  const { onProgress, finish } = createProgressDisplay(terminal);
  onProgress({ stage: "a stage with a long name", done: 1, total: 3 });
  onProgress({ stage: "a stage with a long name", done: 2, total: 3 });
  finish();
  finish();
  expect(terminal.errText()).toBe("\ra stage with a long\u001b[K\n");
});

test("a new stage starts on a fresh line, and an unknown total has no percentage", () => {
  const terminal = captureTerminal({ errorIsTty: true });
  const { onProgress } = createProgressDisplay(terminal);
  onProgress({ stage: "reading", done: 3, total: 0 });
  onProgress({ stage: "writing", done: 1, total: 1 });
  onProgress({ stage: "writing", done: 1, total: 1 }); // the end is shown once
  expect(terminal.errText()).toBe("\rreading: 3\u001b[K\n\rwriting: took 0 s\u001b[K\n");
});

test("a short stage of one piece leaves no line on a terminal; a longer one says how long it took, in a log file as well", () => {
  for (const [errorIsTty, shown] of [
    [true, "\rreading ...\u001b[K\r\u001b[K\rwriting ...\u001b[K\rwriting: took 2 s\u001b[K\n"],
    [false, "writing: took 2 s\n"],
  ] as const) {
    const terminal = captureTerminal({ errorIsTty });
    const { onProgress } = createProgressDisplay(terminal);
    onProgress({ stage: "reading", done: 0, total: 1 });
    terminal.advance(500);
    onProgress({ stage: "reading", done: 1, total: 1 });
    onProgress({ stage: "writing", done: 0, total: 1 });
    terminal.advance(2000);
    onProgress({ stage: "writing", done: 1, total: 1 });
    expect(terminal.errText()).toBe(shown);
  }
});

test.each([
  [0.04, "0 s"],
  [2.34, "2.3 s"],
  [59.4, "59 s"],
  [200, "3 min 20 s"],
  [7500, "2 h 5 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
