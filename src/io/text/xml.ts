import { FormatError } from "../../errors.js";
import { readDecimal } from "./number.js";

/** An element of an XML file of tags and attributes, as particle lists are. Text between tags is left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
}

/** Deeper files are not particle lists. */
const DEEPEST = 64;

/**
 * Parses the elements of an XML file. Declarations, comments and text are passed over; document types are refused, since
 * their entities can make a short file huge.
 * @throws FormatError with the line of the first mistake.
 */
export function parseXml(text: string, { name = "XML" }: { name?: string } = {}): XmlElement {
  const error = (message: string, at: number) =>
    new FormatError(message, `${name}, line ${text.slice(0, at).split("\n").length}`, {
      hint: "The file is cut off, or not XML.",
    });
  const open: { name: string; attributes: Map<string, string>; children: XmlElement[] }[] = [];
  let root: XmlElement | undefined;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    if (text.startsWith("<!--", at) || text.startsWith("<?", at)) {
      const closing = text[at + 1] === "?" ? "?>" : "-->";
      const end = text.indexOf(closing, at + 2);
      if (end < 0) throw error("a comment or declaration is not closed", at);
      at = end + closing.length;
      continue;
    }
    if (text[at + 1] === "!") throw error("document types and CDATA are not supported", at);
    const end = tagEnd(text, at);
    if (end < 0) throw error("a tag is not closed", at);
    const tag = text.slice(at + 1, end);
    if (tag.startsWith("/")) {
      const element = open.pop();
      if (element?.name !== tag.slice(1).trim()) throw error(`</${tag.slice(1, 40)}> closes nothing`, at);
    } else {
      const [, elementName] = /^([A-Za-z_][\w.:-]*)/.exec(tag) ?? [];
      if (!elementName) throw error("a tag without a name", at);
      const element = { name: elementName, attributes: attributesOf(tag.slice(elementName.length)), children: [] };
      const parent = open.at(-1);
      if (parent) parent.children.push(element);
      else if (root) throw error("a second element at the top", at);
      else root = element;
      if (!tag.endsWith("/")) open.push(element);
      if (open.length > DEEPEST) throw error("elements are nested too deeply", at);
    }
    at = end + 1;
  }
  if (open.length > 0) throw error(`<${open[open.length - 1].name}> is not closed`, text.length);
  if (!root) throw error("there is no element", 0);
  return root;
}

/**
 * The elements `record` of a file whose outermost element is `root`.
 * @throws FormatError when it is another file; as `parseXml`.
 */
export function xmlRecords(
  text: string,
  { root, record, name }: { readonly root: string; readonly record: string; readonly name: string },
): readonly XmlElement[] {
  const found = parseXml(text, { name });
  if (found.name !== root) throw new FormatError(`<${found.name}> where <${root}> is expected`, name);
  return found.children.filter((element) => element.name === record);
}

/** The ">" that ends the tag at `at`, passing over quoted values. */
function tagEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const character = text[i];
    if (character === ">") return i;
    if (character === '"' || character === "'") {
      i = text.indexOf(character, i + 1);
      if (i < 0) return -1;
    }
  }
  return -1;
}

/** What stands before each "=" and, in quotes, after it; one pass over the text. */
function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (let at = 0; ; ) {
    const equals = text.indexOf("=", at);
    if (equals < 0) return attributes;
    const attribute = text.slice(at, equals).trim();
    at = equals + 1;
    while (isBlank(text[at])) at++;
    const quote = text[at];
    const end = quote === '"' || quote === "'" ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) continue;
    if (ATTRIBUTE_NAME.test(attribute)) attributes.set(attribute, withoutEntities(text.slice(at + 1, end)));
    at = end + 1;
  }
}

const ATTRIBUTE_NAME = /^[A-Za-z_][\w.:-]*$/;

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, entity: string) => ENTITIES[entity]);
}

/** Text as the value of an attribute in double quotes. */
export function xmlValue(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** @throws FormatError when the attribute is missing (and there is no `fallback`) or not a number. */
export function numberAttribute(
  element: XmlElement | undefined,
  attribute: string,
  where: string,
  fallback?: number,
): number {
  const text = element?.attributes.get(attribute);
  if (text === undefined || text.trim() === "") {
    if (fallback !== undefined) return fallback;
    throw new FormatError(`attribute ${attribute} is missing`, where);
  }
  return readDecimal(text.trim(), `attribute ${attribute}`, where);
}
