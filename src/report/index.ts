export { linearAxis } from "./chart/axis.js";
export { chart, leftAxis, line, short, text } from "./chart/chart-frame.js";
export { type Colour, classColour, cssColour, lighten } from "./chart/palette.js";
export { trainingCurves } from "./chart/training-curves.js";
export { boundingView } from "./page/box-view.js";
export type { ReportBox, ReportClass, ReportParticle, RunInformation } from "./page/data.js";
export { type DataCell, type DataTable, escapeMarkdown } from "./page/data-table.js";
export type { Markup } from "./page/markup.js";
export {
  durationText,
  groupedText,
  minus,
  noiseText,
  percentText,
  pointsText,
  scoreText,
  signedText,
} from "./page/number-text.js";
export { type HeadlineFigure, headline, page, runFacts } from "./page/page.js";
export { particleName } from "./page/particle-name.js";
export { type GridCell, type GridRow, type PictureGrid, pictureGrid } from "./page/picture-grid.js";
export { htmlSection, markdownSection, type ReportSection } from "./page/section.js";
export { alignReport } from "./pages/align.js";
export type { AverageIteration, AverageReportClass, AverageReportData } from "./pages/average/data.js";
export { averageReport } from "./pages/average/page.js";
export { type BatchReportTomogram, batchReport } from "./pages/batch.js";
export { chooseForGallery, classifyReport } from "./pages/classify.js";
export { type ClusterReportCluster, clusterReport } from "./pages/cluster.js";
export { demoReport } from "./pages/demo.js";
export { evaluateReport } from "./pages/evaluate.js";
export { packingPicture } from "./pages/packing-picture.js";
export type { PickReportData, PickReportTomogram, PickSlice, RejectedCandidate } from "./pages/pick/data.js";
export { pickReport } from "./pages/pick/page.js";
export { type SegmentedClassShapes, type SegmentReportData, segmentReport } from "./pages/segment.js";
export { tomogramReport } from "./pages/tomogram.js";
export { maskOutline, OUTLINE_UNITS } from "./picture/mask-outline.js";
export { encodePng, type Picture, pngDataUri } from "./picture/png.js";
export { centralSlice, contrastRange, type Plane, slicePicture } from "./picture/slice.js";
export { type SurfacePictureOptions, surfacePicture } from "./picture/surface.js";
