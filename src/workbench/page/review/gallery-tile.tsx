import { positionText } from "../parts/number-text.js";
import { colourOf, nameOf } from "../state/class-style.js";
import { radiusOfClass } from "../state/markers.js";
import { FLAG_TEXTS, flagsOf } from "../state/outcome/flags.js";
import type { NamedCandidate } from "../state/results.js";
import { goToCandidate } from "../state/review.js";
import { hovered, selection } from "../state/view.js";
import { Thumbnail } from "../thumbnails/thumbnail.js";

interface GalleryTileProps {
  readonly candidate: NamedCandidate;
  readonly left: number;
  readonly top: number;
  readonly edge: number;
}

export function GalleryTile({ candidate, left, top, edge }: GalleryTileProps) {
  const { id, tomogramId, position, classId, foundClassId, probability, isPick, isJudged } = candidate;
  const flags = flagsOf(candidate);
  const said = isJudged ? (isPick ? "✓" : "✗") : probability.toFixed(2);
  return (
    <li class="tile" style={{ transform: `translate(${left}px, ${top}px)`, width: `${edge}px`, height: `${edge}px` }}>
      <button
        type="button"
        class={`tile-picture${selection.value === id ? " is-selected" : ""}${hovered.value === id ? " is-hovered" : ""}${isPick ? "" : " is-out"}`}
        style={{ "--class": colourOf(classId) }}
        aria-label={`${nameOf(classId ?? foundClassId)}, probability ${probability.toFixed(2)}, ${[positionText(position), ...flags.map((flag) => FLAG_TEXTS[flag][1])].join(", ")}`}
        aria-pressed={selection.value === id}
        onClick={() => goToCandidate(candidate)}
        onMouseEnter={() => (hovered.value = id)}
        onMouseLeave={() => (hovered.value = undefined)}
      >
        <Thumbnail
          tomogramId={tomogramId}
          position={position}
          radiusAngstrom={radiusOfClass(foundClassId ?? null)}
          planes={1}
        />
        <span class="tile-text">{said}</span>
        {flags.length > 0 && (
          <span class="chips">
            {flags.map((flag) => (
              <span key={flag} class="chip" title={FLAG_TEXTS[flag][1]}>
                {FLAG_TEXTS[flag][0]}
              </span>
            ))}
          </span>
        )}
      </button>
    </li>
  );
}
