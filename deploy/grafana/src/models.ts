import { beatClasses } from "./beats";
import { bars, graph, Panel, rows, summary } from "./panels";
import { Written, write } from "./query";

const measurement = "ecg_rhythm";
const drift = (reduce: "p10" | "p50" | "p90", name: string): Written =>
  write({ measurement, select: [{ field: "abnormal_score", reduce, as: name }], by: ["model"], series: true, alias: `$tag_model ${name}` });

export const models: Panel[] = [
  rows(
    { title: "Models at work", description: "Version, windows and mean latency in the time range.", width: 24, height: 5 },
    [],
    summary,
    write({ measurement, select: [{ field: "model_version", reduce: "last", as: "version" }], by: ["model"] }),
    write({ measurement, select: [{ field: "predicted", reduce: "count", as: "windows" }], by: ["model"] }),
    write({ measurement, select: [{ field: "latency_ms", reduce: "mean", as: "mean latency ms" }], by: ["model"] }),
  ),
  graph(
    { title: "Score drift", description: "Tenth, fiftieth and ninetieth percentile of the abnormal score over all patients. A step without a new model or a new kind of patient is a fault.", width: 24, min: 0, max: 1 },
    drift("p10", "p10"),
    drift("p50", "median"),
    drift("p90", "p90"),
  ),
  graph(
    { title: "Class mix", description: "Windows that each label won.", width: 12, bars: true, stacked: true, decimals: 0 },
    write({ measurement, select: [{ field: "predicted", reduce: "count", as: "windows" }], by: ["model", "label"], series: true, fill: "0", alias: "$tag_model: $tag_label" }),
  ),
  bars(
    { title: "Class mix of the time range", description: "Windows that each label won.", width: 12, decimals: 0 },
    write({ measurement, select: [{ field: "predicted", reduce: "count", as: "windows" }], by: ["model", "label"], alias: "$tag_model: $tag_label" }),
  ),
  graph(
    { title: "Windows judged abnormal", description: "By model.", width: 12, bars: true, decimals: 0 },
    write({ measurement, select: [{ field: "predicted", reduce: "count", as: "abnormal" }], where: [{ key: "abnormal", op: "=", value: true }], by: ["model"], series: true, fill: "0", alias: "$tag_model" }),
  ),
  graph(
    { title: "Signal quality", description: "Windows in all, and those that were marked: interpolated gap, lead off, or poor signal. Scores of marked windows mean less.", width: 12, bars: true, decimals: 0 },
    write({ measurement, select: [{ field: "marks", reduce: "count", as: "windows" }], series: true, fill: "0", alias: "windows" }),
    write({ measurement, select: [{ field: "marks", reduce: "count", as: "marked" }], where: [{ key: "marks", op: ">", value: 0 }], series: true, fill: "0", alias: "marked" }),
  ),
  graph(
    { title: "Latency by model", description: "Median and 99th percentile of ingest to result, ms.", width: 12, unit: "ms", min: 0 },
    write({ measurement, select: [{ field: "latency_ms", reduce: "p50", as: "median" }], by: ["model"], series: true, alias: "$tag_model median" }),
    write({ measurement, select: [{ field: "latency_ms", reduce: "p99", as: "p99" }], by: ["model"], series: true, alias: "$tag_model p99" }),
  ),
  graph(
    { title: "Leads of poor quality", description: "Vitals rows per interval, and those with a poor lead, over all patients.", width: 12, bars: true, decimals: 0 },
    write({ measurement: "ecg_vitals", select: [{ field: "leads_poor", reduce: "count", as: "seconds" }], series: true, fill: "0", alias: "patient seconds" }),
    write({
      measurement: "ecg_vitals", select: [{ field: "leads_poor", reduce: "count", as: "poor" }], where: [{ key: "leads_poor", op: ">", value: 0 }], series: true, fill: "0", alias: "with a poor lead",
    }),
  ),
  ...beatClasses,
];
