// Grafana's own alerts on the pipeline, from InfluxDB, for a site without Prometheus. Where there is Prometheus its rules (deploy/prometheus/alerts.yml) see more and sooner.
import { dataSources } from "./language";

interface Rule {
  uid: string;
  title: string;
  /** InfluxQL over the last ten minutes; its greatest value is compared. */
  query: string;
  above?: number;
  below?: number;
  for: string;
  severity: "warning" | "critical";
  summary: string;
  runbook: string;
  noData: "OK" | "Alerting";
}

const range = "time > now() - 10m";
const change = (field: string) => `SELECT non_negative_difference(last("${field}")) FROM "ecg_pipeline" WHERE ${range} GROUP BY time(20s) fill(none)`;
const level = (field: string) => `SELECT max("${field}") FROM "ecg_pipeline" WHERE ${range} GROUP BY time(20s) fill(none)`;

const rules: Rule[] = [
  {
    uid: "ecg-silent", title: "The daemon writes nothing", query: `SELECT count("ecg_devices") FROM "ecg_pipeline" WHERE time > now() - 2m`, below: 1, for: "1m", severity: "critical",
    summary: "ecgstreamd has written nothing for two minutes: it does not run, or InfluxDB takes nothing", runbook: "the-daemon-does-not-run", noData: "Alerting",
  },
  {
    uid: "ecg-journal", title: "Chunks are not journaled", query: change("ecg_journal_failed"), above: 0, for: "0s", severity: "critical",
    summary: "The journal cannot be written, so no chunk is acknowledged", runbook: "the-journal-cannot-be-written", noData: "OK",
  },
  {
    uid: "ecg-alarms-slow", title: "Alarms are late", query: level("ecg_alarm_ingest_to_publish_p99"), above: 0.5, for: "2m", severity: "critical",
    summary: "1 % of the alarms take more than 0.5 s from sample to subscriber", runbook: "alarms-or-results-are-late", noData: "OK",
  },
  {
    uid: "ecg-results-slow", title: "Results are late", query: level("ecg_pipeline_latency_p99"), above: 2, for: "5m", severity: "warning",
    summary: "1 % of the results take more than 2 s", runbook: "alarms-or-results-are-late", noData: "OK",
  },
  {
    uid: "ecg-windows", title: "Windows are dropped", query: change("ecg_inference_dropped"), above: 0, for: "0s", severity: "warning",
    summary: "Windows got no result", runbook: "windows-are-dropped", noData: "OK",
  },
  {
    uid: "ecg-rows", title: "Rows are not stored", query: change("ecg_store_dropped"), above: 0, for: "0s", severity: "warning",
    summary: "Rows could not be stored", runbook: "results-are-not-stored", noData: "OK",
  },
  {
    uid: "ecg-refused", title: "Chunks are refused", query: change("ecg_ingest_refused"), above: 10, for: "0s", severity: "warning",
    summary: "More than ten chunks were refused within 20 s", runbook: "chunks-are-refused", noData: "OK",
  },
  {
    uid: "ecg-lag", title: "InfluxDB is behind", query: level("ecg_influx_lag"), above: 10000, for: "5m", severity: "warning",
    summary: "More than 10,000 rows wait for InfluxDB", runbook: "influxdb-is-behind", noData: "OK",
  },
];

const expression = { type: "__expr__", uid: "__expr__" };

export function alertRules(): object {
  return {
    apiVersion: 1,
    groups: [
      {
        orgId: 1,
        name: "ecgstream pipeline",
        folder: "EcgStream",
        interval: "30s",
        rules: rules.map((rule) => ({
          uid: rule.uid,
          title: rule.title,
          condition: "C",
          data: [
            {
              refId: "A",
              relativeTimeRange: { from: 600, to: 0 },
              datasourceUid: dataSources.influxql.uid,
              model: { refId: "A", datasource: dataSources.influxql, query: rule.query, rawQuery: true, resultFormat: "time_series" },
            },
            { refId: "B", datasourceUid: expression.uid, model: { refId: "B", datasource: expression, type: "reduce", reducer: rule.below === undefined ? "max" : "last", expression: "A" } },
            {
              refId: "C",
              datasourceUid: expression.uid,
              model: {
                refId: "C",
                datasource: expression,
                type: "threshold",
                expression: "B",
                conditions: [{ evaluator: rule.below === undefined ? { type: "gt", params: [rule.above] } : { type: "lt", params: [rule.below] } }],
              },
            },
          ],
          noDataState: rule.noData,
          execErrState: "Error",
          for: rule.for,
          annotations: { summary: rule.summary, runbook: rule.runbook },
          labels: { severity: rule.severity, service: "ecgstream" },
        })),
      },
    ],
  };
}
