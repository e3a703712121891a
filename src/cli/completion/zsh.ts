import { branch, choiceBranches, pathsBelow } from "./bash.js";
import type { Vocabulary } from "./vocabulary.js";

/** Completion for zsh: commands and options with what they mean, values of options, and file names. */
export function zshCompletion(vocabularies: readonly Vocabulary[]): string {
  const words = vocabularies.map(({ path, commands, options }) => {
    const described = [...commands, ...options].map(({ name, description }) => quoted(name, description));
    return branch([path], `known=(${described.join(" ")})`);
  });
  return `#compdef cosnet
# zsh completion for cosnet: save it as _cosnet in a folder of $fpath, or: source <(cosnet completion zsh)
_cosnet() {
  local called="" name
  local -a known
  for name in "\${(@)words[2,CURRENT-1]}"; do
    case "$called $name" in
${branch(pathsBelow(vocabularies), 'called+=" $name"')}
    esac
  done
  case "$called \${words[CURRENT-1]}" in
${choiceBranches(vocabularies, (choices) => `known=(${choices.join(" ")}); _describe value known; return`)}
  esac
  case "$called" in
${words.join("\n")}
  esac
  _describe -o word known
  [[ -z "$called" || "\${words[CURRENT]}" == -* ]] || _files
}
if [[ "$funcstack[1]" = _cosnet ]]; then _cosnet "$@"; else compdef _cosnet cosnet; fi
`;
}

function quoted(name: string, description: string): string {
  return `'${name}:${description.replaceAll("'", "'\\''").replaceAll(":", "\\:")}'`;
}
