import { classes } from "../state/project.js";
import { classFilter, KINDS, type Kind, kind, ORDERS, type Order, order } from "../state/review.js";

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
