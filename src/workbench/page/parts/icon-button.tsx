import { Icon, type IconName } from "./icon.js";

export interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, read out and shown under the pointer. */
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  /** For what is on or off. */
  readonly pressed?: boolean;
}

export function IconButton({ icon, label, onClick, disabled = false, pressed }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
