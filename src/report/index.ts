export { type Axis, linearAxis, logAxis } from "./chart/axis.js";
export { chart, leftAxis, line, short, text } from "./chart/chart-frame.js";
export { confusionChart } from "./chart/confusion-chart.js";
export { type HistogramOptions, type HistogramSeries, histogramChart } from "./chart/histogram.js";
export { type Bar, type IntervalBarsOptions, intervalBars } from "./chart/interval-bars.js";
export { type Curve, type LineChartOptions, lineChart } from "./chart/line-chart.js";
export { type Colour, classColour, cssColour, lighten } from "./chart/palette.js";
export { type TrainingCurvesData, trainingCurves } from "./chart/training-curves.js";
export { boundingView } from "./page/box-view.js";
export type { ReportBox, ReportClass, ReportParticle, RunInformation } from "./page/data.js";
export { type DataCell, type DataTable, escapeMarkdown } from "./page/data-table.js";
export type { Markup } from "./page/markup.js";
export { countText, durationText, percentText, scoreText } from "./page/number-text.js";
export { type HeadlineFigure, headline, page, runFacts } from "./page/page.js";
export { type GridCell, type GridRow, type PictureGrid, pictureGrid } from "./page/picture-grid.js";
export { htmlSection, markdownSection, type ReportSection } from "./page/section.js";
export { type ClassifyReportData, chooseForGallery, classifyReport, type ParticleScore } from "./pages/classify.js";
export { type ClusterReportCluster, type ClusterReportData, clusterReport } from "./pages/cluster.js";
export { type DemoReportData, demoReport } from "./pages/demo.js";
export { type EvaluateReportData, evaluateReport } from "./pages/evaluate.js";
export { type PackingPictureOptions, packingPicture } from "./pages/packing-picture.js";
export {
  type PickReportData,
  type PickReportTomogram,
  type PickScore,
  type PickSlice,
  pickReport,
} from "./pages/pick.js";
export { type SegmentedClassShapes, type SegmentReportData, segmentReport } from "./pages/segment.js";
export { type TomogramReportData, tomogramReport } from "./pages/tomogram.js";
export { maskOutline, OUTLINE_UNITS } from "./picture/mask-outline.js";
export { encodePng, type Picture, pngDataUri } from "./picture/png.js";
export { centralSlice, contrastRange, type Plane, type SliceAxis, slicePicture } from "./picture/slice.js";
export { type SurfacePictureOptions, surfacePicture } from "./picture/surface.js";
