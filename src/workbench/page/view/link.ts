/**
 * The views' state as the fragment of a URL, which no browser sends to a server: "tomogram=tomogram-1&cursor=12,34,56&zoom=2".
 * What is as without anybody's wish is left out, and what else a fragment holds stays in it.
 */
import type { VoxelPosition } from "../../protocol/index.js";
import { LAYER_NAMES, type Layers } from "../state/view.js";
import type { ViewSnapshot } from "../state/view-snapshot.js";

const KEYS = [
  ...["tomogram", "cursor", "centre", "zoom", "grey", "inverted", "slab", "lowpass", "coarse", "without", "hidden"],
  ...["view", "run"],
] as const;
const LAYERS: readonly string[] = LAYER_NAMES;
/** Of the middle and the zoom: to far less than a pixel. */
const DIGITS = 6;

export function writeLink(view: ViewSnapshot, fragment: string): string {
  const link = new URLSearchParams(fragment.replace(/^#/, ""));
  for (const key of KEYS) link.delete(key);
  const put = (key: (typeof KEYS)[number], text: string | undefined) => {
    if (text !== undefined && text !== "") link.set(key, text);
  };
  put("tomogram", view.tomogramId);
  put("cursor", positionText(view.cursor));
  put("centre", positionText(view.centre));
  put("zoom", view.zoom === undefined ? undefined : numberText(view.zoom));
  put("grey", view.greyRange?.map(numberText).join(","));
  put("inverted", view.isInverted ? "1" : undefined);
  put("slab", (view.thicknessVoxels ?? 1) > 1 ? String(view.thicknessVoxels) : undefined);
  put("lowpass", view.lowPassAngstrom === undefined ? undefined : numberText(view.lowPassAngstrom));
  put("coarse", view.isCoarse ? "1" : undefined);
  put("without", view.hiddenLayers?.join(","));
  put("hidden", view.hiddenClassIds?.join(","));
  put("view", view.mode === "volume" ? "3d" : undefined);
  put("run", view.runId);
  return link.toString().replaceAll("%2C", ","); // a comma may stand in a fragment
}

/** What makes no sense is left out: a link may have been cut or mistyped. */
export function readLink(fragment: string): ViewSnapshot {
  const link = new URLSearchParams(fragment.replace(/^#/, ""));
  const text = (key: (typeof KEYS)[number]) => link.get(key) || undefined;
  const list = (key: (typeof KEYS)[number]) => text(key)?.split(",") ?? [];
  const number = (key: (typeof KEYS)[number]) => numbersOf(text(key), 1)?.[0];
  const positive = (value: number | undefined) => (value !== undefined && value > 0 ? value : undefined);
  const grey = numbersOf(text("grey"), 2);
  return {
    tomogramId: text("tomogram"),
    cursor: positionOf(text("cursor")),
    centre: positionOf(text("centre")),
    zoom: positive(number("zoom")),
    greyRange: grey && grey[1]! > grey[0]! ? [grey[0]!, grey[1]!] : undefined,
    isInverted: text("inverted") === "1",
    thicknessVoxels: Math.max(1, Math.round(number("slab") ?? 1)),
    lowPassAngstrom: positive(number("lowpass")),
    isCoarse: text("coarse") === "1",
    hiddenLayers: list("without").filter((name): name is keyof Layers => LAYERS.includes(name)),
    hiddenClassIds: list("hidden"),
    mode: text("view") === "3d" ? "volume" : "sections",
    runId: text("run"),
  };
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}

function positionText(position: VoxelPosition | undefined): string | undefined {
  return position && [position.x, position.y, position.z].map(numberText).join(",");
}

function numbersOf(text: string | undefined, count: number): number[] | undefined {
  const numbers = text?.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return numbers?.length === count && numbers.every(Number.isFinite) ? numbers : undefined;
}

function positionOf(text: string | undefined): VoxelPosition | undefined {
  const [x, y, z] = numbersOf(text, 3) ?? [];
  return x === undefined || y === undefined || z === undefined ? undefined : { x, y, z };
}
