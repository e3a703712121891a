import type { Embedded } from "../../../embedder.js";
import { normaliseRows } from "../../test-time-averaging.js";

/** Rows of each group, by the group of each row. */
export function membersOf(labels: Int32Array): number[][] {
  const members: number[][] = [];
  for (const [row, label] of labels.entries()) {
    members[label] ??= [];
    members[label].push(row);
  }
  return members;
}

/** The mean direction of each group of rows. */
export function meanDirections(
  groups: readonly (readonly number[])[],
  { embeddings, size }: Pick<Embedded, "embeddings" | "size">,
): Embedded {
  const centres = new Float32Array(groups.length * size);
  for (const [group, members] of groups.entries())
    for (const row of members) for (let j = 0; j < size; j++) centres[group * size + j] += embeddings[row * size + j];
  normaliseRows(centres, size);
  return { embeddings: centres, size };
}
