/** Text that is already HTML or SVG and must not be escaped again. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | false | undefined | readonly Part[];

/** A template tag that escapes everything put into it, except other markup: file and class names can be anything. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((text, piece, i) => text + render(parts[i - 1]) + piece) };
}

/** Vouches for a text that was built as markup elsewhere. */
export function trusted(markup: string): Markup {
  return { markup };
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "object") return "markup" in part ? part.markup : part.map(render).join("");
  return escapeText(String(part));
}
