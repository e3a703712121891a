/** Commands as a person can type them in a shell. */
import { shellWord } from "../../../../jobs/command-text/index.js";

export function commandText(words: readonly string[]): string {
  return ["cosnet", ...words].map(shellWord).join(" ");
}

export function valued(name: string, value: number | string | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}

export function listed(name: string, values: readonly string[] | undefined): string[] {
  return values === undefined || values.length === 0 ? [] : [name, ...values];
}

/** The processor is what commands take by themselves. */
export function onDevice(device: string | undefined): string[] {
  return device === "cpu" ? [] : valued("--device", device);
}

export function flagged(name: string, isSet: boolean | undefined): string[] {
  return isSet ? [name] : [];
}
