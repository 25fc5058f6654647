import { bars, graph, number, Panel, priorityNames, rows, sortedBy, stateNames } from "./panels";
import { heartRateNow, raised, raw, write } from "./query";

const open = raw(
  'SELECT "state", "priority", "message" FROM (SELECT last("state") AS "state", "priority", "message" FROM "ecg_alarm" WHERE $timeFilter GROUP BY "device", "label") WHERE "state" < 4 GROUP BY "device", "label"',
  `from(bucket: "$bucket")
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "ecg_alarm" and (r._field == "state" or r._field == "priority" or r._field == "message"))
  |> pivot(rowKey: ["_time", "transition"], columnKey: ["_field"], valueColumn: "_value")
  |> group(columns: ["device", "label"])
  |> sort(columns: ["_time"])
  |> last(column: "state")
  |> filter(fn: (r) => r.state < 4)
  |> group()
  |> sort(columns: ["priority"], desc: true)`,
);

export const ward: Panel[] = [
  number(
    { title: "Patients sending", description: "Devices with a vitals row in the last 30 s.", width: 8, limits: [1000, 4000] },
    raw(
      'SELECT count("n") AS "patients" FROM (SELECT count("beats") AS "n" FROM "ecg_vitals" WHERE time > now() - 30s GROUP BY "device")',
      `from(bucket: "$bucket")
  |> range(start: -30s)
  |> filter(fn: (r) => r._measurement == "ecg_vitals" and r._field == "beats")
  |> group(columns: ["device"])
  |> count()
  |> group()
  |> count()`,
    ),
  ),
  number(
    { title: "High alarms", description: "Raised in the time range.", width: 8, limits: [1, 5] },
    write({ measurement: "ecg_alarm", select: [{ field: "alarm_id", reduce: "count", as: "high" }], where: [raised, { key: "priority", op: "=", value: 3 }] }),
  ),
  number(
    { title: "All alarms", description: "Raised in the time range, of every priority.", width: 8 },
    write({ measurement: "ecg_alarm", select: [{ field: "alarm_id", reduce: "count", as: "alarms" }], where: [raised] }),
  ),
  rows(
    { title: "Open alarms", description: "The newest transition of each alarm that is not cleared. Not an alarm display: alarms reach clinicians over gRPC or MQTT.", width: 12, height: 8 },
    [priorityNames, stateNames],
    sortedBy("priority"),
    open,
  ),
  bars(
    { title: "Heart rate now", description: "Of the last 15 s. A bed whose heart has no rate, or whose device is silent, is missing here: look at the open alarms.", width: 12, unit: "suffix: /min", decimals: 0, min: 0, max: 200 },
    heartRateNow(),
  ),
  graph(
    { title: "Heart rates", description: "Mean of each bed.", width: 24, unit: "suffix: /min", min: 0 },
    write({ measurement: "ecg_vitals", select: [{ field: "heart_rate_bpm", reduce: "mean", as: "heart rate" }], by: ["device"], series: true, alias: "$tag_device" }),
  ),
  graph(
    { title: "Alarms raised by priority", description: "Per interval; a ward above 7 an hour and bed is hard to answer.", width: 12, bars: true, stacked: true, decimals: 0, colors: { high: "red", medium: "orange", low: "blue" } },
    ...([[3, "high"], [2, "medium"], [1, "low"]] as const).map(([priority, name]) =>
      write({
        measurement: "ecg_alarm",
        select: [{ field: "alarm_id", reduce: "count", as: name }],
        where: [raised, { key: "priority", op: "=", value: priority }],
        series: true,
        fill: "0",
        alias: name,
      }),
    ),
  ),
  bars(
    { title: "Alarm load per bed", description: "Alarms raised in the time range: who keeps the ward busy, and often a loose electrode.", width: 6, decimals: 0, limits: [10, 30] },
    write({ measurement: "ecg_alarm", select: [{ field: "alarm_id", reduce: "count", as: "alarms" }], where: [raised], by: ["device"], alias: "$tag_device" }),
  ),
  bars(
    { title: "Alarms by condition", description: "Alarms raised in the time range.", width: 6, decimals: 0 },
    write({ measurement: "ecg_alarm", select: [{ field: "alarm_id", reduce: "count", as: "alarms" }], where: [raised], by: ["label"], alias: "$tag_label" }),
  ),
];
