import * as barchart from "@grafana/grafana-foundation-sdk/bargauge";
import * as cog from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { dataSources, Language } from "./language";
import { Written } from "./query";

export type Panel = (language: Language) => cog.Builder<dashboard.Panel>;

export interface Look {
  title: string;
  description: string;
  width: number;
  height?: number;
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  /** Green below the first, orange from it on, red from the second on. */
  limits?: [number, number];
  bars?: boolean;
  stacked?: boolean;
  /** What stands where nothing was measured. */
  noValue?: string;
  /** Of series by name, where a colour of the palette would mislead. */
  colors?: Record<string, string>;
}

interface Target extends cog.Dataquery {
  refId: string;
  datasource: { type: string; uid: string };
  query: string;
  rawQuery?: boolean;
  resultFormat?: string;
  alias?: string;
}

function targets(language: Language, queries: Written[]): cog.Builder<cog.Dataquery>[] {
  return queries.map((query, index) => ({
    build: () => {
      const target = { refId: String.fromCharCode(65 + index), datasource: dataSources[language], query: query[language] };
      const influx = language === "influxql" ? { rawQuery: true, resultFormat: query.format, ...(query.alias ? { alias: query.alias } : {}) } : {};
      return { ...target, ...influx } as unknown as Target;
    },
  }));
}

function thresholds(limits: [number, number]): cog.Builder<dashboard.ThresholdsConfig> {
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([
    { value: null, color: "green" },
    { value: limits[0], color: "orange" },
    { value: limits[1], color: "red" },
  ]);
}

interface Common<T> {
  title(value: string): T;
  description(value: string): T;
  datasource(value: common.DataSourceRef): T;
  span(value: number): T;
  height(value: number): T;
  unit(value: string): T;
  decimals(value: number): T;
  min(value: number): T;
  max(value: number): T;
  thresholds(value: cog.Builder<dashboard.ThresholdsConfig>): T;
  targets(value: cog.Builder<cog.Dataquery>[]): T;
  noValue(value: string): T;
}

function dress<T extends Common<T>>(panel: T, look: Look, language: Language, queries: Written[], height: number): T {
  panel.title(look.title).description(look.description).datasource(dataSources[language]).span(look.width).height(look.height ?? height).targets(targets(language, queries));
  if (look.unit !== undefined) panel.unit(look.unit);
  if (look.decimals !== undefined) panel.decimals(look.decimals);
  if (look.min !== undefined) panel.min(look.min);
  if (look.max !== undefined) panel.max(look.max);
  if (look.limits) panel.thresholds(thresholds(look.limits));
  if (look.noValue !== undefined) panel.noValue(look.noValue);
  return panel;
}

/** One number. */
export const number = (look: Look, ...queries: Written[]): Panel => (language) =>
  dress(new stat.PanelBuilder(), look, language, queries, 4)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));

/** A bar for each series. */
export const bars = (look: Look, ...queries: Written[]): Panel => (language) =>
  dress(new barchart.PanelBuilder(), look, language, queries, 8)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));

/** Lines or bars over time. */
export const graph = (look: Look, ...queries: Written[]): Panel => (language) => {
  const panel = dress(new timeseries.PanelBuilder(), look, language, queries, 8)
    .legend(new common.VizLegendOptionsBuilder().displayMode(common.LegendDisplayMode.Table).placement(common.LegendPlacement.Right).showLegend(true).calcs(["lastNotNull", "max"]))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending))
    .lineWidth(1)
    .fillOpacity(look.bars ? 60 : 5)
    .spanNulls(false);
  if (look.bars) panel.drawStyle(common.GraphDrawStyle.Bars);
  if (look.stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (look.limits) panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  for (const [name, color] of Object.entries(look.colors ?? {})) panel.overrideByName(name, [{ id: "color", value: { mode: "fixed", fixedColor: color } }]);
  return panel;
};

export interface Mapping {
  column: string;
  values: Record<string, { text: string; color: string }>;
}

/**
 * One row for each set of tags, out of all queries: without it a table shows the first query alone, and the time of a summary is only where its range
 * begins. Like the sorting for InfluxQL, which cannot say it itself.
 */
export const summary: dashboard.DataTransformerConfig[] = [
  { id: "filterFieldsByName", options: { exclude: { names: ["Time"] } } },
  { id: "merge", options: {} },
];

export const sortedBy = (field: string): dashboard.DataTransformerConfig[] => [{ id: "sortBy", options: { fields: {}, sort: [{ field, desc: true }] } }];

/** Rows, with numbers in some columns put into words. */
export const rows = (look: Look, mappings: Mapping[], transformations: dashboard.DataTransformerConfig[], ...queries: Written[]): Panel => (language) => {
  const panel = dress(new table.PanelBuilder(), look, language, queries, 9).showHeader(true);
  if (language === "influxql" && transformations.length > 0) panel.transformations(transformations);
  for (const { column, values } of mappings) {
    panel.overrideByName(column, [
      { id: "mappings", value: [{ type: "value", options: values }] },
      { id: "custom.cellOptions", value: { type: "color-text" } },
    ]);
  }

  return panel;
};

export const priorityNames: Mapping = {
  column: "priority",
  values: { "1": { text: "low", color: "blue" }, "2": { text: "medium", color: "orange" }, "3": { text: "high", color: "red" } },
};

export const stateNames: Mapping = {
  column: "state",
  values: {
    "1": { text: "active", color: "red" },
    "2": { text: "acknowledged", color: "orange" },
    "3": { text: "latched", color: "orange" },
    "4": { text: "cleared", color: "green" },
  },
};
