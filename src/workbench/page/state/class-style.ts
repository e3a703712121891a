/** How classes look. */
import type { ParticleClass } from "../../protocol/index.js";
import { classes } from "./project.js";

/** Of what is of none of the classes; readable on light and dark, and on grey sections. */
export const NEGATIVE_COLOUR = "#8a94a3";

function classOf(id: string | null | undefined): ParticleClass | undefined {
  return classes.value.find((item) => item.id === id);
}

export function colourOf(id: string | null | undefined): string {
  return classOf(id)?.colour ?? NEGATIVE_COLOUR;
}

export function nameOf(id: string | null | undefined): string {
  return classOf(id)?.name ?? "none of these";
}
