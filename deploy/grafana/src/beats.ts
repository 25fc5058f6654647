import { bars, graph, Panel } from "./panels";
import { ofDevice, write } from "./query";

const measurement = "ecg_beat";

/** For the patient's dashboard. */
export const beatsOfPatient: Panel[] = [
  graph(
    { title: "RR interval", description: "Time from beat to beat, mean and extremes of each interval.", width: 12, unit: "ms" },
    ...(["mean", "min", "max"] as const).map((reduce) => write({ measurement, select: [{ field: "rr_ms", reduce, as: reduce }], where: [ofDevice], series: true, alias: reduce })),
  ),
  graph(
    { title: "Beats by class", description: "Normal, supraventricular, ventricular, fusion, unclassifiable; per interval.", width: 12, bars: true, stacked: true, decimals: 0 },
    write({ measurement, select: [{ field: "amplitude_mv", reduce: "count", as: "beats" }], where: [ofDevice], by: ["label"], series: true, fill: "0", alias: "$tag_label" }),
  ),
  graph(
    { title: "R amplitude", description: "Of the lead with the best signal, mean of each interval; a fall is often an electrode.", width: 12, unit: "suffix: mV", min: 0 },
    write({ measurement, select: [{ field: "amplitude_mv", reduce: "mean", as: "amplitude" }], where: [ofDevice], series: true, alias: "amplitude" }),
  ),
];

/** For the models' dashboard. */
export const beatClasses: Panel[] = [
  bars(
    { title: "Beat classes", description: "Beats of all patients in the time range, by class.", width: 12, decimals: 0 },
    write({ measurement, select: [{ field: "amplitude_mv", reduce: "count", as: "beats" }], by: ["label"], alias: "$tag_label" }),
  ),
  graph(
    { title: "Certainty of the beat classes", description: "Tenth percentile and median of the winning class's probability.", width: 12, min: 0, max: 1 },
    write({ measurement, select: [{ field: "probability", reduce: "p10", as: "p10" }], series: true, alias: "p10" }),
    write({ measurement, select: [{ field: "probability", reduce: "p50", as: "median" }], series: true, alias: "median" }),
  ),
];
