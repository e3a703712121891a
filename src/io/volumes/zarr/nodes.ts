/** Arrays and groups of a Zarr store, of version 2 or 3, by their own metadata or those that the root has of them all. */
import { FormatError } from "../../../errors.js";
import { isJsonObject, type JsonObject, parseJsonObject, property, shown } from "./json.js";
import { arrayMetadata2, arrayMetadata3, type ZarrArrayMetadata } from "./metadata.js";
import type { ZarrStore } from "./store.js";

/** An array or a group. */
export type ZarrNode =
  | { readonly kind: "array"; readonly metadata: ZarrArrayMetadata; readonly attributes: JsonObject }
  | { readonly kind: "group"; readonly attributes: JsonObject };

/**
 * The array or group at a path, "" for the root, else with a leading slash.
 * @throws FormatError where there is none, and for damaged metadata.
 */
export async function openNode(store: ZarrStore, path: string, name: string): Promise<ZarrNode> {
  const where = `${name}${path}`;
  const document = (file: string) => readDocument(store, path, file, where);
  const version3 = await document("zarr.json");
  if (version3) return nodeOfVersion3(version3, where);
  const array = await document(".zarray");
  const attributes = (await document(".zattrs")) ?? {};
  if (array) return { kind: "array", metadata: arrayMetadata2(array, attributes, where), attributes };
  if ((await document(".zgroup")) || Object.keys(attributes).length > 0) return { kind: "group", attributes };
  throw new FormatError("not a readable Zarr store: there is no array or group here", where, {
    hint: "Give the folder that holds zarr.json, .zgroup or .zarray.",
  });
}

function nodeOfVersion3(document: JsonObject, where: string): ZarrNode {
  const stated = property(document, "attributes");
  const attributes = isJsonObject(stated) ? stated : {};
  const kind = property(document, "node_type");
  if (kind === "array") return { kind, metadata: arrayMetadata3(document, where), attributes };
  if (kind === "group") return { kind, attributes };
  throw new FormatError(`zarr.json is of ${shown(kind)}, neither an array nor a group`, where);
}

/** A file of metadata, or what the consolidated metadata of the root say that it holds. */
async function readDocument(
  store: ZarrStore,
  path: string,
  file: string,
  where: string,
): Promise<JsonObject | undefined> {
  const bytes = await store.get(`${path}/${file}` as `/${string}`);
  if (bytes) return parseJsonObject(bytes, `${where}/${file}`);
  const key = path.slice(1);
  const consolidated = await store.get(file === "zarr.json" ? "/zarr.json" : "/.zmetadata");
  if (!consolidated) return undefined;
  const root = parseJsonObject(consolidated, `${where}, consolidated metadata`);
  const found =
    file === "zarr.json"
      ? property(property(property(root, "consolidated_metadata"), "metadata"), key)
      : property(property(root, "metadata"), key === "" ? file : `${key}/${file}`);
  return isJsonObject(found) ? found : undefined;
}
