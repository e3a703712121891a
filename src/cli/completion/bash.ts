import type { Vocabulary } from "./vocabulary.js";

/** Completion for bash: commands, options and their values; file names where it knows nothing better. */
export function bashCompletion(vocabularies: readonly Vocabulary[]): string {
  const words = vocabularies.map(({ path, commands, options }) =>
    branch([path], `words="${[...commands, ...options].map(({ name }) => name).join(" ")}"`),
  );
  return `# bash completion for cosnet: put it into ~/.bashrc, or save it as ~/.local/share/bash-completion/completions/cosnet
_cosnet() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" called="" words="" name
  for name in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$called $name" in
${branch(pathsBelow(vocabularies), 'called+=" $name"')}
    esac
  done
  case "$called $before" in
${choiceBranches(vocabularies, (choices) => `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word")); return`)}
  esac
  case "$called" in
${words.join("\n")}
  esac
  COMPREPLY=()
  if [[ -n "$word" || -z "$called" ]]; then COMPREPLY=($(compgen -W "$words" -- "$word")); fi
}
complete -o bashdefault -o default -F _cosnet cosnet
`;
}

/** The paths of all commands but the program itself. */
export function pathsBelow(vocabularies: readonly Vocabulary[]): string[] {
  return vocabularies.map(({ path }) => path).filter((path) => path !== "");
}

/** A branch of \`case\`, as bash and zsh have it. */
export function branch(patterns: readonly string[], action: string): string {
  return `      ${patterns.map((pattern) => `"${pattern}"`).join("|")}) ${action} ;;`;
}

/** A branch for each option whose values are known: after its name come these. */
export function choiceBranches(
  vocabularies: readonly Vocabulary[],
  action: (choices: readonly string[]) => string,
): string {
  return vocabularies
    .flatMap(({ path, options }) =>
      options
        .filter(({ choices }) => choices.length > 0)
        .map(({ name, choices }) => branch([`${path} ${name}`], action(choices))),
    )
    .join("\n");
}
