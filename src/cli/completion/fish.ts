import { pathsBelow } from "./bash.js";
import type { Vocabulary } from "./vocabulary.js";

/** Completion for fish: commands and options with what they mean, values of options; fish adds file names. */
export function fishCompletion(vocabularies: readonly Vocabulary[]): string {
  const lines = vocabularies.flatMap(({ path, commands, options }) => {
    const when = `complete -c cosnet -n "__cosnet_calls '${path}'"`;
    return [
      ...commands.map(({ name, description }) => `${when} -f -a ${name} -d ${quoted(description)}`),
      ...options.map(({ name, description, takesValue, choices }) => {
        const values = choices.length > 0 ? ` -x -a "${choices.join(" ")}"` : takesValue ? " -r" : "";
        return `${when} -l ${name.replace(/^--/, "")}${values} -d ${quoted(description)}`;
      }),
    ];
  });
  return `# fish completion for cosnet: save it as ~/.config/fish/completions/cosnet.fish
function __cosnet_calls
  set -l called ""
  for word in (commandline -opc)[2..-1]
    if contains -- "$called $word" ${pathsBelow(vocabularies)
      .map((path) => `'${path}'`)
      .join(" ")}
      set called "$called $word"
    end
  end
  test "$called" = "$argv[1]"
end
${lines.join("\n")}
`;
}

function quoted(description: string): string {
  return `'${description.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
