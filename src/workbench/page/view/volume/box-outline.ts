/** The edges of the tomogram. */
import { BoxGeometry, EdgesGeometry, LineBasicMaterial, LineSegments } from "three";
import type { TomogramInfo } from "../../../protocol/index.js";

/** A grey that is seen on light and on dark. */
const COLOUR = "#8a94a3";

export function boxOutline([nz, ny, nx]: TomogramInfo["shape"]): LineSegments {
  const outline = new LineSegments(
    new EdgesGeometry(new BoxGeometry(nx, ny, nz)),
    new LineBasicMaterial({ color: COLOUR }),
  );
  outline.position.set((nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2);
  return outline;
}
