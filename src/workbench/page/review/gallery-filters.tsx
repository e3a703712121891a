import { FLAG_TEXTS } from "../state/outcome/flags.js";
import { classes } from "../state/project.js";
import { classFilter, flagFilter, KINDS, type Kind, kind, ORDERS, type Order, order } from "../state/review.js";

type Flag = typeof flagFilter.value;

/** Which candidates, and in what order. */
export function GalleryFilters() {
  return (
    <div class="filters">
      <select
        aria-label="Which candidates"
        value={kind.value}
        onChange={({ currentTarget }) => (kind.value = currentTarget.value as Kind)}
      >
        {Object.entries(KINDS).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
      <select
        aria-label="Of which class"
        value={classFilter.value ?? ""}
        onChange={({ currentTarget }) => (classFilter.value = currentTarget.value || undefined)}
      >
        <option value="">all classes</option>
        {classes.value.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="With which flag"
        value={flagFilter.value ?? ""}
        onChange={({ currentTarget }) => (flagFilter.value = (currentTarget.value || undefined) as Flag)}
      >
        <option value="">any flags</option>
        <option value="any">flagged</option>
        {Object.entries(FLAG_TEXTS).map(([flag, [word, sentence]]) => (
          <option key={flag} value={flag} title={sentence}>
            {word}
          </option>
        ))}
      </select>
      <select
        aria-label="Order"
        value={order.value}
        onChange={({ currentTarget }) => (order.value = currentTarget.value as Order)}
      >
        {Object.entries(ORDERS).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
