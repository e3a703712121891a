/** Which axes of an array are z, y and x: names decide, then types, then the order. */
import { FormatError } from "../../../errors.js";
import type { Shape3 } from "../../../volume/index.js";
import type { SpatialAxes } from "./array.js";
import type { ZarrAxis } from "./image.js";
import { shown } from "./json.js";

/** Indices that are chosen along axes that are not in space, by the axis's name: `{ c: 1, t: 0 }`. */
export type AxisIndices = Readonly<Record<string, number>>;

/**
 * @param indices what to read of axes that are not in space; those of one element need no choice.
 * @throws FormatError when it is no volume, or when several volumes lie in it and none is chosen.
 */
export function spatialAxes(
  shape: readonly number[],
  stated: readonly ZarrAxis[] | undefined,
  {
    indices = {},
    name,
    warnings,
  }: { readonly indices?: AxisIndices; readonly name: string; readonly warnings: string[] },
): SpatialAxes {
  if (stated && stated.length !== shape.length)
    throw new FormatError(`${stated.length} axes are named, and the array has ${shape.length}`, name);
  const axes = namedAxes(stated) ?? typedAxes(stated, warnings) ?? lastAxes(shape);
  if (axes === undefined || axes[2] < 0 || shape.some((n) => n === 0))
    throw new FormatError(`an array of ${shape.join(" x ")} is not a volume`, name, {
      hint: "A volume has axes z, y and x, or y and x.",
    });
  for (const key of Object.keys(indices))
    if (!shape.some((_, axis) => !axes.includes(axis) && axisName(stated, axis) === key))
      throw new FormatError(`there is no axis ${shown(key)} to choose from`, name, {
        hint: othersOf(shape, stated, axes),
      });
  return { axes, indices: shape.map((length, axis) => (axes.includes(axis) ? 0 : indexOf(axis, length))) };

  function indexOf(axis: number, length: number): number {
    const label = axisName(stated, axis);
    const chosen = Object.hasOwn(indices, label) ? indices[label] : length === 1 ? 0 : undefined;
    if (chosen === undefined)
      throw new FormatError(
        `an array of ${shape.join(" x ")} is not a volume: axis ${shown(label)} has ${length} elements`,
        name,
        { hint: `Choose one with --index ${label}=0, up to ${length - 1}, when converting it.` },
      );
    if (!(Number.isInteger(chosen) && chosen >= 0 && chosen < length))
      throw new FormatError(`axis ${shown(label)} has no element ${chosen}`, name, {
        hint: `Its elements are 0 to ${length - 1}.`,
      });
    return chosen;
  }
}

function axisName(stated: readonly ZarrAxis[] | undefined, axis: number): string {
  return stated?.[axis]?.name ?? String(axis);
}

function othersOf(shape: readonly number[], stated: readonly ZarrAxis[] | undefined, axes: Shape3): string {
  const others = shape.flatMap((length, axis) =>
    axes.includes(axis) ? [] : [`${axisName(stated, axis)} (${length})`],
  );
  return others.length > 0 ? `It has ${others.join(", ")}.` : "All its axes are in space.";
}

/** Axes called x and y, and z if there are more than two, in any order. */
function namedAxes(stated: readonly ZarrAxis[] | undefined): Shape3 | undefined {
  const named = ["z", "y", "x"].map((letter) => {
    const found = stated?.flatMap(({ name }, axis) => (name?.toLowerCase() === letter ? [axis] : [])) ?? [];
    return found.length === 1 ? found[0] : -1;
  });
  const [, y, x] = named;
  const spaces = stated?.filter(({ type }) => type === "space").length ?? 0;
  return y >= 0 && x >= 0 && spaces <= named.filter((axis) => axis >= 0).length
    ? (named as unknown as Shape3)
    : undefined;
}

/** Axes of other names that are said to be in space. */
function typedAxes(stated: readonly ZarrAxis[] | undefined, warnings: string[]): Shape3 | undefined {
  const found = stated?.flatMap(({ type }, axis) => (type === "space" ? [axis] : [])) ?? [];
  if (found.length !== 3) return undefined;
  const names = found.map((axis) => shown(stated?.[axis].name ?? String(axis)));
  warnings.push(`the axes ${names.join(", ")} are taken as z, y and x`);
  return found as unknown as Shape3;
}

/** The last three, as most programs write them. */
function lastAxes({ length }: readonly number[]): Shape3 | undefined {
  return length >= 3 ? [length - 3, length - 2, length - 1] : undefined;
}
