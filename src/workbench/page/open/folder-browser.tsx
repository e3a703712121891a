import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { FolderListing } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { byteText } from "../parts/number-text.js";
import { engine } from "../state/engine.js";
import { orSay } from "../state/messages.js";
import { openPath } from "../state/open-files.js";

const NOTHING_YET: FolderListing = { path: "", parent: undefined, entries: [] };

/** Folders of the computer that cosnet runs on, and a path to type or paste. */
export function FolderBrowser({ onOpened }: { readonly onOpened: () => void }) {
  const listing = useSignal<FolderListing | undefined>(undefined);
  const path = useSignal("");
  const go = async (folder?: string) => {
    listing.value = (await orSay(engine().listFolder(folder))) ?? listing.value;
  };
  const open = async (file: string) => {
    if (await openPath(file)) onOpened();
  };
  useEffect(() => void go(), []);
  return (
    <>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void open(path.value.trim());
        }}
      >
        <input
          class="wide-input"
          aria-label="Path of a tomogram"
          placeholder="Path of a tomogram, for instance /data/TS_01.mrc"
          value={path}
          onInput={({ currentTarget }) => (path.value = currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={path.value.trim() === ""}>
          Open
        </button>
      </form>
      <Listing listing={listing.value ?? NOTHING_YET} onGo={go} onOpen={open} />
    </>
  );
}

interface ListingProps {
  readonly listing: FolderListing;
  readonly onGo: (folder: string) => void;
  readonly onOpen: (file: string) => void;
}

function Listing({ listing: { path, parent, entries }, onGo, onOpen }: ListingProps) {
  return (
    <section class="listing" aria-label={`Folder ${path}`}>
      <p class="listing-path">
        <button
          type="button"
          class="icon-button"
          aria-label="Folder above"
          disabled={!parent}
          onClick={() => onGo(parent ?? path)}
        >
          <Icon name="up" />
        </button>
        <span title={path}>
          <bdi>{path}</bdi>
        </span>
      </p>
      <ul>
        {entries.length === 0 && path !== "" && <li class="quiet">There is no tomogram and no folder in here.</li>}
        {entries.map((entry) => (
          <li key={entry.path}>
            <button type="button" class="entry" onClick={() => (entry.isFolder ? onGo : onOpen)(entry.path)}>
              <Icon name={entry.isFolder ? "folder" : "file"} />
              <span>{entry.name}</span>
              <span class="quiet">{entry.isFolder ? "" : byteText(entry.byteLength)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
