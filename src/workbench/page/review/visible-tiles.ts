/** Which of many square tiles are in sight of a window that scrolls. */
export interface GridWindow {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly pixelsOfRem: number;
}

export interface VisibleTiles {
  readonly columns: number;
  readonly tilePixels: number;
  /** The first in sight, and one beyond the last; a row more on both sides. */
  readonly first: number;
  readonly last: number;
  readonly totalPixels: number;
}

const NARROWEST_TILE_REM = 5.2;

export function visibleTiles(count: number, { width, height, scrollTop, pixelsOfRem }: GridWindow): VisibleTiles {
  const columns = Math.max(1, Math.floor(width / (NARROWEST_TILE_REM * pixelsOfRem)));
  const tilePixels = Math.max(1, width / columns);
  const firstRow = Math.max(0, Math.floor(scrollTop / tilePixels) - 1);
  const lastRow = Math.ceil((scrollTop + height) / tilePixels) + 1;
  return {
    columns,
    tilePixels,
    first: Math.min(count, firstRow * columns),
    last: width === 0 ? 0 : Math.min(count, lastRow * columns),
    totalPixels: Math.ceil(count / columns) * tilePixels,
  };
}
