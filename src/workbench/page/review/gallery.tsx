import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { countText } from "../parts/number-text.js";
import { gallery } from "../state/review.js";
import { selection } from "../state/view.js";
import { GalleryFilters } from "./gallery-filters.js";
import { GalleryTile } from "./gallery-tile.js";
import { type GridWindow, visibleTiles } from "./visible-tiles.js";

/** Candidates as pictures; only those in sight are drawn and asked for. */
export function Gallery() {
  return (
    <div class="gallery">
      <GalleryFilters />
      <TileGrid />
    </div>
  );
}

function TileGrid() {
  const element = useRef<HTMLDivElement>(null);
  const grid = useSignal<GridWindow>({ width: 0, height: 0, scrollTop: 0, pixelsOfRem: 14 });
  const items = gallery.value;
  const { columns, first, last, tilePixels, totalPixels } = visibleTiles(items.length, grid.value);
  const look = () => {
    if (!element.current) return;
    const { clientWidth: width, clientHeight: height, scrollTop } = element.current;
    grid.value = {
      width,
      height,
      scrollTop,
      pixelsOfRem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    };
  };
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  const place = items.findIndex(({ id }) => id === selection.value);
  useEffect(() => {
    if (place >= 0 && element.current)
      bringIntoSight(element.current, Math.floor(place / columns) * tilePixels, tilePixels);
  }, [place, columns, tilePixels]);
  return (
    <div ref={element} class="tiles" onScroll={look}>
      {items.length === 0 && <p class="quiet">There are none of these.</p>}
      <ul class="tiles-space" aria-label={countText(items.length, "candidate")} style={{ height: `${totalPixels}px` }}>
        {items.slice(first, last).map((candidate, offset) => (
          <GalleryTile
            key={candidate.id}
            candidate={candidate}
            left={((first + offset) % columns) * tilePixels}
            top={Math.floor((first + offset) / columns) * tilePixels}
            edge={tilePixels}
          />
        ))}
      </ul>
    </div>
  );
}

function bringIntoSight(element: HTMLElement, top: number, height: number): void {
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + height > element.scrollTop + element.clientHeight)
    element.scrollTop = top + height - element.clientHeight;
}
