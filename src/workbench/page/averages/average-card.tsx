import { useEffect, useRef } from "preact/hooks";
import { type AverageMap, type ClassAverage, FEWEST_TO_AVERAGE } from "../../protocol/index.js";
import { angstromText, countText } from "../parts/number-text.js";
import { colourOf } from "../state/class-style.js";
import { drawPlanes } from "../thumbnails/draw-planes.js";
import { FscCurve } from "./fsc-curve.js";

/** The mean particle of a class: its central sections, how far it can be believed, and in plain words why not. */
export function AverageCard({ average: { classId, name, particles, used, map } }: { readonly average: ClassAverage }) {
  return (
    <article class="average-card" aria-label={`Average of ${name}`}>
      <header class="row">
        <span class="swatch" style={{ background: colourOf(classId) }} />
        <b class="grow name">{name}</b>
        {map?.resolutionAngstrom !== undefined && (
          <b title="Where the correlation of two independent halves falls to 0.143">
            {angstromText(Number(map.resolutionAngstrom.toFixed(1)))}
          </b>
        )}
      </header>
      {map ? (
        <>
          <CentralSections map={map} />
          <FscCurve map={map} />
          <p class={map.resolutionAngstrom === undefined ? "note" : "quiet"}>{believed(map)}</p>
          <p class="quiet">{usedText(particles, used, map)}</p>
        </>
      ) : (
        <p class="note">{withoutMap(particles)}</p>
      )}
    </article>
  );
}

function withoutMap(particles: number): string {
  return particles < FEWEST_TO_AVERAGE
    ? `${countText(particles, "pick")} ${particles === 1 ? "is" : "are"} too few: an average needs ${FEWEST_TO_AVERAGE}.`
    : `None of the ${particles} picks could be told from noise, so there is no average. More picks may help, or a known structure as a reference (cosnet align).`;
}

function believed({ resolutionAngstrom }: AverageMap): string {
  return resolutionAngstrom === undefined
    ? "Not confirmed: the two halves agree to no more than they began with, or noise explains the particles as well. What is seen here may be noise. More particles may help, or a known structure as a reference (cosnet align)."
    : `Two independent halves of the particles agree down to ${angstromText(Number(resolutionAngstrom.toFixed(1)))}; finer detail is noise.`;
}

function usedText(particles: number, used: number, { symmetry }: AverageMap): string {
  const others = particles - used;
  const aside = others > 0 ? `, ${others} set aside: noise explains them as well` : "";
  return `${countText(used, "particle")}${aside}. ${symmetry === "C1" ? "No symmetry found." : `Symmetry ${symmetry}, found and used.`}`;
}

/** Of the values, this fraction is darker than black, and lighter than white. */
const CLIPPED_FRACTION = 0.005;

/** Across z, y and x. */
function CentralSections({ map: { sections, edgeVoxels } }: { readonly map: AverageMap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const sorted = sections.slice().sort();
    const at = (fraction: number) => sorted[Math.floor(fraction * (sorted.length - 1))] ?? 0;
    const range = [at(CLIPPED_FRACTION), at(1 - CLIPPED_FRACTION)] as const;
    if (canvas.current) drawPlanes(canvas.current, sections, edgeVoxels, 3, { range, isInverted: false });
  }, [sections, edgeVoxels]);
  return (
    <span class="thumbnail planes-3" role="img" aria-label="Central sections across z, y and x; protein is bright">
      <canvas ref={canvas} />
    </span>
  );
}
