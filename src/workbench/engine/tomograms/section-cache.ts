import type { GreyValues } from "../../protocol/index.js";

/** Sections that were read, up to so many bytes; those that were not asked for longest go first. */
export interface SectionCache {
  get(key: string): GreyValues | undefined;
  set(key: string, section: GreyValues): void;
}

export function createSectionCache(mostBytes: number): SectionCache {
  const sections = new Map<string, GreyValues>();
  let bytes = 0;
  return {
    get(key) {
      const section = sections.get(key);
      if (!section) return undefined;
      sections.delete(key); // to the end, where the latest are
      sections.set(key, section);
      return section;
    },
    set(key, section) {
      bytes += section.byteLength - (sections.get(key)?.byteLength ?? 0);
      sections.delete(key);
      sections.set(key, section);
      for (const [oldest, { byteLength }] of sections) {
        if (bytes <= mostBytes || oldest === key) return;
        sections.delete(oldest);
        bytes -= byteLength;
      }
    },
  };
}
