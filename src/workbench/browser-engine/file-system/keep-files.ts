/** What brings files to where they outlive the page; nothing does until it is set. */
let keep: () => Promise<void> = async () => {};

/** Resolves when what was written before is kept. */
export function keepFiles(): Promise<void> {
  return keep();
}

export function setKeeping(how: () => Promise<void>): void {
  keep = how;
}
