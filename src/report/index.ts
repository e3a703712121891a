export type {
  ExampleMask,
  ExamplePicture,
  PaperSize,
  ReproductionReportData,
  RobustnessFigures,
} from "../jobs/reproduce/report/data.js";
export { type ReproductionReport, reproductionReport } from "../jobs/reproduce/report/report.js";
export { type Axis, linearAxis, logAxis } from "./chart/axis.js";
export { confusionChart } from "./chart/confusion-chart.js";
export { type HistogramOptions, type HistogramSeries, histogramChart } from "./chart/histogram.js";
export { type Bar, type IntervalBarsOptions, intervalBars } from "./chart/interval-bars.js";
export { type Curve, type LineChartOptions, lineChart } from "./chart/line-chart.js";
export { type ClassifyReportData, chooseForGallery, classifyReport, type ParticleScore } from "./classify-report.js";
export { clusterMap } from "./cluster-map.js";
export { type ClusterReportCluster, type ClusterReportData, clusterReport } from "./cluster-report.js";
export { type DemoReportData, demoReport } from "./demo-report.js";
export { type EvaluateReportData, evaluateReport } from "./evaluate-report.js";
export { type Colour, classColour, cssColour } from "./palette.js";
export {
  type PickReportData,
  type PickReportTomogram,
  type PickScore,
  type PickSlice,
  pickReport,
} from "./pick-report.js";
export { encodePng, type Picture, pngDataUri } from "./png.js";
export type { ReportBox, ReportClass, ReportParticle, RunInformation } from "./report-data.js";
export { type SegmentedClassShapes, type SegmentReportData, segmentReport } from "./segment-report.js";
export { centralSlice, contrastRange, type Plane, type SliceAxis, slicePicture } from "./slice-picture.js";
export { type SurfacePictureOptions, surfacePicture } from "./surface-picture.js";
export { type PackingPictureOptions, packingPicture } from "./tomogram-packing.js";
export { type TomogramReportData, tomogramReport } from "./tomogram-report.js";
export { powerSpectrum, powerSpectrumPicture } from "./tomogram-spectrum.js";
export { type TrainingCurvesData, trainingCurves } from "./training-curves.js";
