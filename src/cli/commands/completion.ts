import { ConfigError } from "../../errors.js";
import { declareCommand } from "../command-declaration.js";
import { bashCompletion } from "../completion/bash.js";
import { fishCompletion } from "../completion/fish.js";
import { vocabularyOf } from "../completion/vocabulary.js";
import { zshCompletion } from "../completion/zsh.js";
import { argument } from "../option.js";

const SHELLS = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

export const completionCommand = declareCommand({
  name: "completion",
  description: "Print a script that completes commands, options and their values in a shell.",
  options: { shell: argument("one", "bash, zsh or fish") },
  examples: [
    ["cosnet completion bash >> ~/.bashrc", "for bash"],
    ["cosnet completion zsh > ~/.zfunc/_cosnet", "in a folder of $fpath"],
    ["cosnet completion fish > ~/.config/fish/completions/cosnet.fish", "for fish"],
  ],
  async run({ shell }, _progress, { program }) {
    const write = SHELLS.get(shell);
    if (!write) throw new ConfigError(`there is no completion for "${shell}"`, { hint: "Say bash, zsh or fish." });
    const script = write(vocabularyOf(program));
    return { text: script, summary: { command: "completion", shell, script } };
  },
});
