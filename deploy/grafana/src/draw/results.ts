// What the panel test wrote, joined with the dashboards that it asked for.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Series {
  tags?: Record<string, string>;
  columns: string[];
  values: (string | number | boolean | null)[][];
}

interface Result {
  Dashboard: string;
  Panel: string;
  Type: string;
  RefId: string;
  Series: Series[];
}

export interface Override {
  matcher: { id: string; options: string };
  properties: { id: string; value: unknown }[];
}

export interface PanelModel {
  title: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { refId: string; alias?: string }[];
  transformations?: { id: string; options: Record<string, unknown> }[];
  fieldConfig?: {
    defaults: {
      unit?: string;
      decimals?: number;
      min?: number;
      max?: number;
      noValue?: string;
      thresholds?: { steps: { value: number | null; color: string }[] };
      custom?: { drawStyle?: string; stacking?: { mode: string }; thresholdsStyle?: { mode: string } };
    };
    overrides?: Override[];
  };
}

export interface Page {
  name: string;
  title: string;
  panels: { model: PanelModel; series: NamedSeries[] }[];
}

/** A column of a series under the name that the legend has for it. */
export interface NamedSeries extends Series {
  refId: string;
  name: string;
}

/** As Grafana names a series: by the query's alias, else by the column and the tags. */
function nameOf(series: Series, alias: string | undefined): string {
  const tags = series.tags ?? {};
  if (alias) return alias.replace(/\$tag_(\w+)/g, (_, tag: string) => tags[tag] ?? "");
  return [series.columns[1], ...Object.values(tags)].join(" ");
}

export function readPages(results: string, dashboards: string): Page[] {
  const all = JSON.parse(readFileSync(results, "utf8")) as Result[];
  return [...new Set(all.map((result) => result.Dashboard))].map((name) => {
    const file = join(dashboards, `${name}.json`);
    if (!existsSync(file)) throw new Error(`${results} has results of ${name}, and there is no ${file}`);
    const dashboard = JSON.parse(readFileSync(file, "utf8")) as { title: string; panels: PanelModel[] };
    const panels = dashboard.panels.map((model) => {
      const own = all.filter((result) => result.Dashboard === name && result.Panel === model.title && result.Type === model.type);
      const series = own.flatMap((result) => {
        const alias = model.targets.find((target) => target.refId === result.RefId)?.alias;
        return result.Series.map((one) => ({ ...one, refId: result.RefId, name: nameOf(one, alias) }));
      });
      return { model, series };
    });
    return { name, title: dashboard.title, panels };
  });
}
