/** "1 particle", "3 particles", "12,500 particles": a number of things in a text that a person reads. */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : plural}`;
}
