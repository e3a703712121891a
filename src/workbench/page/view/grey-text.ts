/** Grey values as they are read: four digits, whole ones without decimals. */
export function greyText(value: number): string {
  if (!Number.isFinite(value)) return "none";
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return minus(String(value));
  return minus(String(Number(value.toPrecision(4))));
}

function minus(text: string): string {
  return text.replace(/^-/, "−");
}
