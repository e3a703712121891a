/** The outline in which a section cuts a mask's surface. */
import type { Axis, Surface } from "../../../protocol/index.js";
import { AXES, PANE_AXES } from "../geometry/pane-axes.js";

/**
 * Pieces of the outline, in no order: across and down of one end, then of the other, in voxels; one piece for each triangle that the
 * section cuts.
 */
export function cutSurface({ positions, indices }: Surface, axis: Axis, index: number): Float32Array {
  const depthAt = AXES.indexOf(axis);
  const across = AXES.indexOf(PANE_AXES[axis].horizontal);
  const down = AXES.indexOf(PANE_AXES[axis].vertical);
  const pieces: number[] = [];
  const crossing = (from: number, to: number) => {
    const [near, far] = [positions[3 * from + depthAt]!, positions[3 * to + depthAt]!];
    const t = (index - near) / (far - near);
    const between = (along: number) =>
      positions[3 * from + along]! + t * (positions[3 * to + along]! - positions[3 * from + along]!);
    pieces.push(between(across), between(down));
  };
  for (let i = 0; i + 2 < indices.length; i += 3) {
    const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
    const isBeyond = (vertex: number) => positions[3 * vertex + depthAt]! >= index;
    const [beyondA, beyondB, beyondC] = [isBeyond(a), isBeyond(b), isBeyond(c)];
    if (beyondA === beyondB && beyondB === beyondC) continue;
    // Two of three edges go through the section.
    if (beyondA !== beyondB) crossing(a, b);
    if (beyondB !== beyondC) crossing(b, c);
    if (beyondC !== beyondA) crossing(c, a);
  }
  return Float32Array.from(pieces);
}
