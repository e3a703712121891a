/** The outside world as the command line sees it, so that tests can run commands in process. */
export interface Terminal {
  /** Writes results to standard output. */
  readonly out: (text: string) => void;
  /** Writes progress and errors to standard error. */
  readonly err: (text: string) => void;
  /** Standard error is a terminal that understands carriage returns. */
  readonly errorIsTty: boolean;
  readonly columns: number;
  /** Milliseconds from any origin. */
  readonly now: () => number;
  /** Calls `listener` at Ctrl-C or a request to terminate; returns the way to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Leaves the process at once: the second Ctrl-C. */
  readonly exitNow: (code: number) => void;
}
