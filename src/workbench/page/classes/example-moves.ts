/** What can be done with an example that is there. */
import type { ClickedExample, VoxelPosition } from "../../protocol/index.js";
import { project, take } from "../state/project.js";
import { chooseTomogram } from "../state/tomograms.js";
import { moveCursor, selection, tomogramId } from "../state/view.js";

const STEPS: Readonly<Record<string, VoxelPosition>> = {
  ArrowLeft: { x: -1, y: 0, z: 0 },
  ArrowRight: { x: 1, y: 0, z: 0 },
  ArrowUp: { x: 0, y: -1, z: 0 },
  ArrowDown: { x: 0, y: 1, z: 0 },
  PageUp: { x: 0, y: 0, z: 1 },
  PageDown: { x: 0, y: 0, z: -1 },
};

export function goToExample({ id, tomogramId: where, position }: ClickedExample): void {
  chooseTomogram(where, position);
  selection.value = id;
}

export async function removeExample(id: string): Promise<void> {
  await take({ type: "remove-example", id });
  if (selection.value === id) selection.value = undefined;
}

export async function moveExample(id: string, position: VoxelPosition): Promise<void> {
  await take({ type: "move-example", id, position });
}

/** Moves by one voxel, by five with Shift; removes it by Delete. */
export function nudgeByKey(event: KeyboardEvent, { id }: Pick<ClickedExample, "id">): void {
  const step = STEPS[event.key];
  const isDelete = event.key === "Delete" || event.key === "Backspace";
  if (!step && !isDelete) return;
  event.preventDefault();
  event.stopPropagation();
  if (isDelete) void removeExample(id);
  else if (step) void nudge(id, step, event.shiftKey ? 5 : 1);
}

async function nudge(id: string, step: VoxelPosition, voxels: number): Promise<void> {
  const example = project.value.examples.find((item) => item.id === id);
  if (!example) return;
  const { x, y, z } = example.position;
  const position = { x: x + voxels * step.x, y: y + voxels * step.y, z: z + voxels * step.z };
  await moveExample(id, position);
  if (tomogramId.value === example.tomogramId) moveCursor(position);
}
