import { Icon } from "../parts/icon.js";
import { IconButton } from "../parts/icon-button.js";
import { angstromText, positionText } from "../parts/number-text.js";
import { rejectionText } from "../parts/rejection-text.js";
import { nameOf } from "../state/class-style.js";
import { radiusOfClass, tomogramName } from "../state/markers.js";
import { neighbourVoxels } from "../state/oddities.js";
import { FLAG_TEXTS, flagsOf } from "../state/outcome/flags.js";
import { classes } from "../state/project.js";
import type { NamedCandidate } from "../state/results.js";
import { accept, judge, selectedCandidate, stepInGallery, withdraw } from "../state/review.js";
import { infoOf } from "../state/tomograms.js";
import { Thumbnail } from "../thumbnails/thumbnail.js";

/** The selected candidate from three sides, and what a person can say of it. */
export function CandidateDetails() {
  const candidate = selectedCandidate.value;
  if (!candidate)
    return (
      <p class="details quiet">Choose a picture, or press J, to look at one after the other: A accepts, X rejects.</p>
    );
  const { tomogramId, position, classId, foundClassId, isJudged } = candidate;
  return (
    <div class="details" aria-live="polite">
      <Thumbnail
        tomogramId={tomogramId}
        position={position}
        radiusAngstrom={radiusOfClass(foundClassId ?? null)}
        planes={3}
      />
      <div class="row">
        <p class="grow">
          <b>{nameOf(classId ?? foundClassId)}</b> {factsOf(candidate)}
        </p>
        <IconButton icon="previous" label="Previous (K)" onClick={() => stepInGallery(-1)} />
        <IconButton icon="next" label="Next (J)" onClick={() => stepInGallery(1)} />
      </div>
      <div class="row verdict-row">
        <button
          type="button"
          class="small"
          title="It is what it was taken for (A)"
          onClick={() => void accept(candidate)}
        >
          <Icon name="check" />
          Accept <kbd>A</kbd>
        </button>
        <button
          type="button"
          class="small"
          title="It is none of the classes (X)"
          onClick={() => void judge(candidate, null)}
        >
          <Icon name="cross" />
          Reject <kbd>X</kbd>
        </button>
        <ReassignMenu candidate={candidate} />
        {isJudged && (
          <button type="button" class="small" onClick={() => void withdraw(candidate)}>
            Take back
          </button>
        )}
      </div>
    </div>
  );
}

function ReassignMenu({ candidate }: { readonly candidate: NamedCandidate }) {
  return (
    <select
      class="small"
      aria-label="It is of another class"
      value=""
      onChange={({ currentTarget }) => void judge(candidate, currentTarget.value)}
    >
      <option value="">is a…</option>
      {classes.value.map(({ id, name }, index) => (
        <option key={id} value={id}>
          {index < 9 ? `${index + 1}  ` : ""}
          {name}
        </option>
      ))}
    </select>
  );
}

/** Probability, position, neighbour, and why it is none. */
function factsOf(candidate: NamedCandidate): string {
  const { id, tomogramId, probability, position, rejection, isJudged, isPick } = candidate;
  const voxelSize = infoOf(tomogramId)?.voxelSizeAngstrom;
  const neighbour = neighbourVoxels.value.get(id);
  const facts = [
    isJudged ? `${isPick ? "accepted" : "rejected"} by you` : `probability ${probability.toFixed(2)}`,
    `${positionText(position)} of ${tomogramName(tomogramId)}`,
    !isPick && !isJudged && rejectionText(rejection),
    voxelSize !== undefined &&
      neighbour !== undefined &&
      Number.isFinite(neighbour) &&
      `nearest pick ${angstromText(Math.round(neighbour * voxelSize))} away`,
    ...flagsOf(candidate).map((flag) => FLAG_TEXTS[flag][1]),
  ];
  return facts.filter(Boolean).join("; ");
}
