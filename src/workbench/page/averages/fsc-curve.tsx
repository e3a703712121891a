import type { AverageMap } from "../../protocol/index.js";
import { fscPoints, resolutionTicks } from "./fsc-geometry.js";

const THRESHOLD = 0.143;
const [WIDTH, HEIGHT] = [300, 110];
const [LEFT, RIGHT, TOP, BOTTOM] = [26, 4, 6, 18];
const LOWEST = -0.1;

const across = (fraction: number) => LEFT + fraction * (WIDTH - LEFT - RIGHT);
const down = (correlation: number) => TOP + ((1 - correlation) / (1 - LOWEST)) * (HEIGHT - TOP - BOTTOM);

/** Correlation of the halves by resolution: corrected for the mask, and without one. */
export function FscCurve({ map }: { readonly map: AverageMap }) {
  const { corrected, unmasked } = map.correlation;
  return (
    <svg class="fsc" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="Fourier shell correlation of the halves">
      {[0, 0.5, 1].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={down(value)} y2={down(value)} />
          <text x={LEFT - 4} y={down(value)} class="value">
            {value}
          </text>
        </g>
      ))}
      {resolutionTicks(map).map(({ fraction, text }) => (
        <text key={text} x={across(fraction)} y={HEIGHT - 5} class="tick">
          {text}
        </text>
      ))}
      <line class="threshold" x1={LEFT} x2={WIDTH - RIGHT} y1={down(THRESHOLD)} y2={down(THRESHOLD)} />
      <text x={WIDTH - RIGHT} y={down(THRESHOLD) - 5} class="value">
        {THRESHOLD}
      </text>
      <polyline class="faint" points={pointsOf(unmasked)} />
      <polyline points={pointsOf(corrected)} />
    </svg>
  );
}

function pointsOf(byShell: Float32Array): string {
  return fscPoints(byShell)
    .map(({ fraction, correlation }) => `${across(fraction).toFixed(1)},${down(correlation).toFixed(1)}`)
    .join(" ");
}
