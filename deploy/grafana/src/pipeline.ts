import { graph, number, Panel } from "./panels";
import { Reduce, Select, write, Written } from "./query";

const measurement = "ecg_pipeline";

const level = (field: string, name: string, reduce: Reduce = "last"): Written =>
  write({ measurement, select: [{ field, reduce, as: name }], series: true, alias: name });

const rate = (field: string, name: string): Written => write({ measurement, select: [{ field, reduce: "last", as: name, rate: true }], series: true, alias: name });

const change = (field: string, name: string): Written => write({ measurement, select: [{ field, reduce: "last", as: name, change: true }], series: true, alias: name });

/** Mean of a duration: the change of its sum over the change of its count. */
const mean = (field: string, name: string): Written => {
  const select: Select = { field: `${field}_sum`, reduce: "last", as: name, rate: true, per: `${field}_count` };
  return write({ measurement, select: [select], series: true, alias: name });
};

export const pipeline: Panel[] = [
  number({ title: "Devices", description: "Known to the daemon.", width: 4, decimals: 0 }, write({ measurement, select: [{ field: "ecg_devices", reduce: "last", as: "devices" }] })),
  number({ title: "InfluxDB lag", description: "Stored rows that InfluxDB does not have yet.", width: 4, decimals: 0, limits: [1000, 10000] }, write({ measurement, select: [{ field: "ecg_influx_lag", reduce: "last", as: "rows" }] })),
  number({ title: "Open alarms", description: "Not cleared, of every priority.", width: 4, decimals: 0 }, write({ measurement, select: [{ field: "ecg_alarm_open", reduce: "last", as: "alarms" }] })),
  number({ title: "Alarms, p99", description: "Ingest of the deciding sample to subscribers. The budget is 0.1 s.", width: 4, unit: "s", limits: [0.1, 0.5] }, write({ measurement, select: [{ field: "ecg_alarm_ingest_to_publish_p99", reduce: "last", as: "p99" }] })),
  number({ title: "Results, p99", description: "Ingest of the deciding sample to the published result.", width: 4, unit: "s", limits: [1, 2] }, write({ measurement, select: [{ field: "ecg_pipeline_latency_p99", reduce: "last", as: "p99" }] })),
  number({ title: "Memory", description: "Resident set of the daemon.", width: 4, unit: "bytes" }, write({ measurement, select: [{ field: "dotnet_process_memory_working_set", reduce: "last", as: "memory" }] })),
  graph(
    { title: "Rates", description: "Per second, at each stage of the way.", width: 12, unit: "cps", min: 0 },
    rate("ecg_ingest_chunks", "chunks taken"),
    rate("ecg_journal_records", "chunks journaled"),
    rate("ecg_inference_windows", "windows classified"),
    rate("ecg_store_stored", "rows stored"),
    rate("ecg_influx_lines", "lines to InfluxDB"),
    rate("ecg_alarm_transitions", "alarm transitions"),
  ),
  graph(
    { title: "Losses", description: "Per interval; every one of them should be 0.", width: 12, bars: true, stacked: true, decimals: 0 },
    change("ecg_ingest_refused", "chunks refused"),
    change("ecg_journal_failed", "chunks not journaled"),
    change("ecg_pipeline_faults", "chunks faulted"),
    change("ecg_inference_dropped", "windows dropped"),
    change("ecg_store_dropped", "rows dropped"),
    change("ecg_influx_refused", "lines refused by InfluxDB"),
    change("ecg_influx_missed", "rows deleted before InfluxDB had them"),
  ),
  graph(
    { title: "Queues", description: "What waits at each stage.", width: 12, decimals: 0 },
    level("ecg_journal_queue_depth", "chunks for the journal", "max"),
    level("ecg_pipeline_queue_depth", "chunks for the shards", "max"),
    level("ecg_inference_queue_depth", "windows for the models", "max"),
    level("ecg_alarm_queue_depth", "alarm transitions", "max"),
    level("ecg_store_queue_depth", "rows for the store", "max"),
  ),
  graph(
    { title: "Latency of a window, mean", description: "Queue: waits for its batch. Prepare: copied into the model's input. Infer: the run. Publish: to all receivers.", width: 12, unit: "s", stacked: true },
    mean("ecg_inference_queue_duration", "queue"),
    mean("ecg_inference_prepare_duration", "prepare"),
    mean("ecg_inference_infer_duration", "infer"),
    mean("ecg_inference_publish_duration", "publish"),
  ),
  graph(
    { title: "Slowest hundredth", description: "99th percentile of each 10 s.", width: 12, unit: "s", min: 0 },
    level("ecg_pipeline_latency_p99", "ingest to result", "max"),
    level("ecg_alarm_ingest_to_publish_p99", "ingest to alarm", "max"),
    level("ecg_journal_commit_duration_p99", "journal commit", "max"),
    level("ecg_store_commit_duration_p99", "store commit", "max"),
    level("ecg_inference_infer_duration_p99", "model run", "max"),
  ),
  graph(
    { title: "Batches", description: "Windows in a batch, mean.", width: 12, min: 0 },
    mean("ecg_inference_batch_size", "windows per batch"),
  ),
  graph(
    { title: "InfluxDB", description: "Rows that it does not have yet, and requests that failed.", width: 12, decimals: 0 },
    level("ecg_influx_lag", "rows behind", "max"),
    change("ecg_influx_failures", "failed requests"),
  ),
  graph(
    { title: "Subscribers and slow readers", description: "Subscribers of alarms and results; times one was so slow that it reads from the store.", width: 12, decimals: 0 },
    level("ecg_feed_subscribers", "subscribers"),
    change("ecg_feed_fallbacks", "fallbacks"),
  ),
  graph(
    { title: "Processor", description: "Cores in use by the daemon.", width: 12, min: 0 },
    rate("dotnet_process_cpu_time", "cores"),
  ),
  graph(
    { title: "GPU", description: "Empty where there is none: the daemon reads nvidia-smi. With several GPUs the sum.", width: 12, unit: "percentunit", min: 0 },
    level("ecg_gpu_utilization", "load"),
  ),
];
