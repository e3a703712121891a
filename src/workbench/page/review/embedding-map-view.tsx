import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { colourOf, NEGATIVE_COLOUR } from "../state/class-style.js";
import { candidates } from "../state/results.js";
import { goToCandidate } from "../state/review.js";
import { hovered, selection } from "../state/view.js";
import { embeddingMap, followEmbeddingMap } from "./embedding-map.js";
import { fitMap, nearestPoint } from "./map-geometry.js";

const POINT_RADIUS = 2.6;
const REACH_PIXELS = 12;

/** All candidates by how alike they look: points near to each other are alike. Linked with gallery and sections. */
export function EmbeddingMapView() {
  useEffect(followEmbeddingMap, []);
  return (
    <div class="map">
      <p class="quiet">Candidates that look alike lie together. Grey ones are no picks.</p>
      {embeddingMap.value ? (
        <MapCanvas positions={embeddingMap.value} />
      ) : (
        <p class="map-canvas quiet">Drawing the map…</p>
      )}
    </div>
  );
}

function MapCanvas({ positions }: { readonly positions: Float32Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(
      () => (size.value = { width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useSignalEffect(() => {
    if (canvas.current && size.value.width > 0) drawMap(canvas.current, fitMap(positions, size.value));
  });
  const candidateAt = ({ offsetX, offsetY }: MouseEvent) => {
    const index = nearestPoint(fitMap(positions, size.value), offsetX, offsetY, REACH_PIXELS);
    return index === undefined ? undefined : candidates.value[index];
  };
  return (
    <canvas
      ref={canvas}
      class="map-canvas"
      role="img"
      aria-label="Map of the candidates' embeddings. The gallery lists the same candidates."
      onMouseMove={(event) => (hovered.value = candidateAt(event)?.id)}
      onMouseLeave={() => (hovered.value = undefined)}
      onClick={(event) => {
        const candidate = candidateAt(event);
        if (candidate) goToCandidate(candidate);
      }}
    />
  );
}

function drawMap(canvas: HTMLCanvasElement, points: Float32Array): void {
  const { clientWidth, clientHeight } = canvas;
  Object.assign(canvas, { width: clientWidth * devicePixelRatio, height: clientHeight * devicePixelRatio });
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(devicePixelRatio, devicePixelRatio);
  const circle = (index: number, radius: number) => {
    context.beginPath();
    context.arc(points[2 * index]!, points[2 * index + 1]!, radius, 0, 2 * Math.PI);
  };
  // What is no pick lies below
  const inOrder = candidates.value.toSorted((a, b) => Number(a.isPick) - Number(b.isPick));
  for (const { index, isPick, classId } of inOrder) {
    context.fillStyle = isPick ? colourOf(classId) : NEGATIVE_COLOUR;
    context.globalAlpha = isPick ? 0.9 : 0.35;
    circle(index, POINT_RADIUS);
    context.fill();
  }
  context.globalAlpha = 1;
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = 2;
  for (const { index, id } of candidates.value) {
    if (id !== selection.value && id !== hovered.value) continue;
    circle(index, 2.5 * POINT_RADIUS);
    context.stroke();
  }
}
