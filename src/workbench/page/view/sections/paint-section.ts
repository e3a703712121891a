/**
 * A section on a canvas: a picture of one pixel a voxel, made anew when section or contrast change, drawn scaled by the browser.
 *
 * By Canvas 2D, for WebGL2 gains nothing at the sizes that tomograms have. A new section took 3 ms (512 x 512), 7 ms (1024 x 1024)
 * and 186 ms (4096 x 4096); as a float texture with the contrast in a shader, in software, it took 14, 23 and 26 ms. So a shader
 * pays from about 2000 x 2000 on, and nothing is lost where there is none.
 */
import type { Axis, Section } from "../../../protocol/index.js";
import type { PaneFrame } from "../geometry/pane-frame.js";
import { type GreyScale, paintGreys, pictureSize } from "./grey-picture.js";

export interface SectionPainter {
  /** Without a section the pane becomes empty. */
  paint(context: CanvasRenderingContext2D, section: Section | undefined, view: PaintedView): void;
}

interface PaintedView {
  readonly frame: PaneFrame;
  readonly scale: GreyScale;
  readonly isSmooth: boolean;
}

export function createSectionPainter(axis: Axis): SectionPainter {
  const picture = document.createElement("canvas");
  let pixels: ImageData | undefined;
  let shown: { section: Section; scale: GreyScale } | undefined;

  const refresh = (section: Section, scale: GreyScale) => {
    if (shown?.section === section && isSameScale(shown.scale, scale)) return;
    const [width, height] = pictureSize(section, axis);
    if (pixels?.width !== width || pixels.height !== height) {
      Object.assign(picture, { width, height });
      pixels = new ImageData(width, height);
    }
    paintGreys(pixels.data, section, axis, scale);
    picture.getContext("2d")?.putImageData(pixels, 0, 0);
    shown = { section, scale };
  };

  return {
    paint(context, section, { frame: { horizontal, vertical }, scale, isSmooth }) {
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      if (!section) return;
      refresh(section, scale);
      context.imageSmoothingEnabled = isSmooth;
      const [width, height] = [picture.width * horizontal.pixelsPerVoxel, picture.height * vertical.pixelsPerVoxel];
      context.drawImage(picture, horizontal.originPixel, vertical.originPixel, width, height);
    },
  };
}

function isSameScale(a: GreyScale, b: GreyScale): boolean {
  return a.range[0] === b.range[0] && a.range[1] === b.range[1] && a.isInverted === b.isInverted;
}
