import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { TomogramInfo, VoxelPosition } from "../../protocol/index.js";
import { engine } from "../state/engine.js";
import { infoOf } from "../state/tomograms.js";
import { isInverted, shownGreyRange, shownTomogram } from "../state/view.js";
import { drawPlanes } from "./draw-planes.js";
import { createThumbnailSource, type WantedThumbnail } from "./request-thumbnails.js";

const source = createThumbnailSource(engine);

export interface ThumbnailProps {
  readonly tomogramId: string;
  readonly position: VoxelPosition;
  readonly radiusAngstrom: number;
  /** Across z alone, or across z, y and x side by side. */
  readonly planes: 1 | 3;
}

/** A particle as it is in the tomogram, in the greys of the sections. */
export function Thumbnail({ tomogramId, position, radiusAngstrom, planes }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const info = infoOf(tomogramId);
  const wanted = info && wantedOf(info, position, radiusAngstrom);
  const { x, y, z } = position;
  const draw = () => {
    const values = wanted && source.kept(wanted);
    if (values && canvas.current) drawPlanes(canvas.current, values, wanted.edgeVoxels, planes, greysOf(info));
  };
  useSignalEffect(() => {
    void [shownGreyRange.value, isInverted.value];
    draw();
  });
  useEffect(() => {
    if (!wanted) return undefined;
    const gone = new AbortController();
    source.get(wanted, gone.signal).then(draw, () => undefined); // an empty picture says it
    return () => gone.abort();
  }, [tomogramId, x, y, z, radiusAngstrom, info]);
  return (
    <span class={`thumbnail planes-${planes}`} aria-hidden="true">
      <canvas ref={canvas} />
    </span>
  );
}

const EDGE_OF_RADIUS = 2.8;
const THICKNESS_OF_RADIUS = 0.35;
const LARGEST_EDGE_VOXELS = 95;

function wantedOf(info: TomogramInfo, position: VoxelPosition, radiusAngstrom: number): WantedThumbnail {
  const radius = radiusAngstrom / info.voxelSizeAngstrom;
  const edge = 2 * Math.round((EDGE_OF_RADIUS * radius) / 2) + 1;
  return {
    tomogramId: info.id,
    position,
    edgeVoxels: Math.min(LARGEST_EDGE_VOXELS, Math.max(15, edge)),
    thicknessVoxels: Math.max(1, Math.round(THICKNESS_OF_RADIUS * radius)),
  };
}

function greysOf(info: TomogramInfo) {
  const isShown = shownTomogram.value?.id === info.id;
  return { range: isShown ? shownGreyRange.value : info.greyRange, isInverted: isInverted.value };
}
