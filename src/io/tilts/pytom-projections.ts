import { numberAttribute, parseXml } from "../text/xml.js";

/** The images of PyTom's projection list with their tilts; undefined when it is not such a list. @throws FormatError */
export function readPytomProjections(
  text: string,
  { name = "XML" }: { name?: string } = {},
): { readonly fileName: string; readonly tiltDegrees: number }[] | undefined {
  const root = parseXml(text, { name });
  if (root.name !== "ProjectionList") return undefined;
  return root.children
    .filter((element) => element.name === "Projection")
    .map((element, index) => ({
      fileName: element.attributes.get("Filename") ?? "",
      tiltDegrees: numberAttribute(element, "TiltAngle", `${name}, projection ${index + 1}`),
    }));
}
