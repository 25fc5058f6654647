import { beatsOfPatient } from "./beats";
import { bars, graph, number, Panel, priorityNames, rows, stateNames, summary } from "./panels";
import { heartRateNow, ofDevice, raised, raw, write } from "./query";

export const patient: Panel[] = [
  number(
    { title: "Heart rate", description: "Of the last 15 s; none where the heart has no rate or the device is silent.", width: 4, unit: "suffix: /min", decimals: 0, noValue: "none" },
    heartRateNow(ofDevice),
  ),
  number(
    { title: "Alarms", description: "Raised in the time range.", width: 4, limits: [5, 20] },
    write({ measurement: "ecg_alarm", select: [{ field: "alarm_id", reduce: "count", as: "alarms" }], where: [ofDevice, raised] }),
  ),
  rows(
    { title: "Newest window of each model", description: "Score of the abnormal labels together, 0 to 1; time from ingest to result.", width: 16, height: 4 },
    [],
    summary,
    write({
      measurement: "ecg_rhythm",
      select: [
        { field: "abnormal_score", reduce: "last", as: "abnormal score" },
        { field: "latency_ms", reduce: "last", as: "latency ms" },
        { field: "model_version", reduce: "last", as: "version" },
      ],
      where: [ofDevice],
      by: ["model"],
    }),
  ),
  graph(
    { title: "Heart rate", description: "Mean, lowest and highest of each interval.", width: 24, unit: "suffix: /min", min: 0 },
    ...(["mean", "min", "max"] as const).map((reduce) =>
      write({ measurement: "ecg_vitals", select: [{ field: "heart_rate_bpm", reduce, as: reduce }], where: [ofDevice], series: true, alias: reduce }),
    ),
  ),
  graph(
    { title: "Rhythm: abnormal score", description: "Of each model, mean of the windows that ended in the interval.", width: 12, min: 0, max: 1, limits: [0.5, 0.8] },
    write({ measurement: "ecg_rhythm", select: [{ field: "abnormal_score", reduce: "mean", as: "abnormal" }], where: [ofDevice], by: ["model"], series: true, alias: "$tag_model" }),
  ),
  graph(
    { title: "Rhythm: windows by label", description: "How many windows each label won.", width: 12, bars: true, stacked: true, decimals: 0 },
    write({
      measurement: "ecg_rhythm", select: [{ field: "predicted", reduce: "count", as: "windows" }], where: [ofDevice], by: ["model", "label"], series: true, fill: "0", alias: "$tag_model: $tag_label",
    }),
  ),
  ...beatsOfPatient,
  graph(
    { title: "Leads off and of poor quality", description: "Bits of the leads, the highest value of each interval; 0 is well.", width: 12, min: 0, decimals: 0 },
    write({ measurement: "ecg_vitals", select: [{ field: "leads_off", reduce: "max", as: "off" }], where: [ofDevice], series: true, alias: "off" }),
    write({ measurement: "ecg_vitals", select: [{ field: "leads_poor", reduce: "max", as: "poor" }], where: [ofDevice], series: true, alias: "poor" }),
  ),
  bars(
    { title: "Alarms by condition", description: "Raised in the time range.", width: 6, decimals: 0 },
    write({ measurement: "ecg_alarm", select: [{ field: "alarm_id", reduce: "count", as: "alarms" }], where: [ofDevice, raised], by: ["label"], alias: "$tag_label" }),
  ),
  rows(
    { title: "Alarm history", description: "Every transition, newest first.", width: 18, height: 8 },
    [priorityNames, stateNames],
    [],
    raw(
      'SELECT "label", "transition", "priority", "state", "message", "value", "unit", "source", "acknowledged_by" FROM "ecg_alarm" WHERE "device" =~ /^$device$/ AND $timeFilter ORDER BY time DESC LIMIT 500',
      `from(bucket: "$bucket")
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "ecg_alarm" and r.device =~ /^\${device:regex}$/)
  |> pivot(rowKey: ["_time", "label", "transition"], columnKey: ["_field"], valueColumn: "_value")
  |> group()
  |> sort(columns: ["_time"], desc: true)
  |> limit(n: 500)
  |> keep(columns: ["_time", "label", "transition", "priority", "state", "message", "value", "unit", "source", "acknowledged_by"])`,
    ),
  ),
];
