import type { ClickedExample } from "../../protocol/index.js";
import { ExampleCard } from "./example-card.js";

export function ExampleList({ examples }: { readonly examples: readonly ClickedExample[] }) {
  if (examples.length === 0) return null;
  return (
    <ul class="example-list">
      {examples.map((example) => (
        <ExampleCard key={example.id} example={example} />
      ))}
    </ul>
  );
}
