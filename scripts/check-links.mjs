// Relative links in Markdown.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Every relative link in these Markdown files leads to a file, and its #anchor to a heading there.
 * @param files paths in the folder.
 * @throws Error that lists the links that do not.
 */
export function checkLinks(folder, files) {
  const problems = [];
  const anchors = new Map();
  const anchorsOf = (path) => {
    if (!anchors.has(path)) anchors.set(path, headingAnchors(readFileSync(path, "utf8")));
    return anchors.get(path);
  };
  for (const file of files) {
    const text = withoutCode(readFileSync(join(folder, file), "utf8"));
    for (const [, target] of text.matchAll(/\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)) {
      if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
      const [path, anchor] = decodeURIComponent(target).split("#");
      const absolute = path ? resolve(folder, dirname(file), path) : join(folder, file);
      if (!existsSync(absolute)) problems.push(`${file}: ${target} does not exist`);
      else if (anchor && absolute.endsWith(".md") && !anchorsOf(absolute).has(anchor))
        problems.push(`${file}: ${target} names no heading`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

/** The Markdown files in a folder and all below it but its dependencies. */
export function markdownFiles(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => /^(?!.*node_modules).*\.md$/.test(name));
}

function withoutCode(markdown) {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
}

/** Anchors as GitHub makes them: lower case, punctuation dropped, spaces to hyphens, repeated ones numbered. */
function headingAnchors(markdown) {
  const headings = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, "").matchAll(/^#+\s+(.+?)\s*#*$/gm);
  const anchors = new Set();
  for (const [, text] of headings) {
    const plain = text
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let anchor = plain;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${plain}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}
