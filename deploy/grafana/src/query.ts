// One description of a query, written out in either language, so that the two variants of a dashboard cannot differ in what they ask.

export type Reduce = "mean" | "last" | "count" | "sum" | "max" | "min" | "p10" | "p50" | "p90" | "p99";

export interface Condition {
  key: string;
  op: "=" | "!=" | ">" | "<" | "=~";
  value: string | number | boolean;
  /** Tags are compared as text and quoted; fields by their type. */
  tag?: boolean;
}

export interface Select {
  field: string;
  reduce: Reduce;
  as?: string;
  /** Change per second of a total that only rises. */
  rate?: boolean;
  /** Change per interval of such a total. */
  change?: boolean;
  /** Divides by the same of another field: a mean from a sum and a count. */
  per?: string;
}

export interface Query {
  measurement: string;
  select: Select[];
  where?: Condition[];
  by?: string[];
  /** One value for each interval; otherwise one for the whole time range. */
  series?: boolean;
  /** What stands where nothing was measured; none leaves a gap. */
  fill?: "none" | "0";
  alias?: string;
}

export interface Written {
  influxql: string;
  flux: string;
  /** Time series or table. */
  format: "time_series" | "table";
  alias?: string;
}

const device: Condition = { key: "device", op: "=~", value: "/^$device$/", tag: true };
/** Only the device that the dashboard's variable names. */
export const ofDevice = device;
export const raised: Condition = { key: "transition", op: "=", value: "Raised", tag: true };

export function write(query: Query): Written {
  return { influxql: influxql(query), flux: flux(query), format: query.series ? "time_series" : "table", alias: query.alias };
}

/** A query that the description cannot say, in both languages. */
export function raw(influxql: string, flux: string, format: Written["format"] = "table"): Written {
  return { influxql, flux, format };
}

const percentiles: Partial<Record<Reduce, number>> = { p10: 10, p50: 50, p90: 90, p99: 99 };

function influxql(query: Query): string {
  const columns = query.select.map((column) => `${expression(column)} AS "${column.as ?? column.field}"`).join(", ");
  const where = [...(query.where ?? []).map(influxCondition), "$timeFilter"].join(" AND ");
  const groups = [...(query.series ? ["time($__interval)"] : []), ...(query.by ?? []).map((tag) => `"${tag}"`)];
  const group = groups.length > 0 ? ` GROUP BY ${groups.join(", ")}` : "";
  const fill = query.series ? ` fill(${query.fill ?? "none"})` : "";
  return `SELECT ${columns} FROM "${query.measurement}" WHERE ${where}${group}${fill}`;
}

function expression(column: Select): string {
  const reduced = (field: string) => {
    const percentile = percentiles[column.reduce];
    return percentile ? `percentile("${field}", ${percentile})` : `${column.reduce}("${field}")`;
  };
  const step = (field: string) =>
    column.rate ? `non_negative_derivative(${reduced(field)}, 1s)` : column.change ? `non_negative_difference(${reduced(field)})` : reduced(field);
  return column.per ? `${step(column.field)} / ${step(column.per)}` : step(column.field);
}

function influxCondition({ key, op, value, tag }: Condition): string {
  const text = typeof value === "string" ? (op === "=~" ? value : `'${value}'`) : String(value);
  return `"${key}" ${op} ${tag ? text : String(typeof value === "string" ? text : value)}`;
}

function flux(query: Query): string {
  const lines = ['from(bucket: "$bucket")', "range(start: v.timeRangeStart, stop: v.timeRangeStop)", `filter(fn: (r) => r._measurement == "${query.measurement}")`];
  const tags = (query.where ?? []).filter((condition) => condition.tag);
  const fields = (query.where ?? []).filter((condition) => !condition.tag);
  lines.push(...tags.map((condition) => `filter(fn: (r) => ${fluxCondition(condition)})`));
  const wanted = [...new Set([...query.select.flatMap((column) => [column.field, ...(column.per ? [column.per] : [])]), ...fields.map((condition) => condition.key)])];
  lines.push(`filter(fn: (r) => ${wanted.map((field) => `r._field == "${field}"`).join(" or ")})`);
  if (fields.length > 0) {
    lines.push('pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")', ...fields.map((condition) => `filter(fn: (r) => ${fluxCondition(condition)})`));
    lines.push(`map(fn: (r) => ({r with _field: "${query.select[0].field}", _value: r["${query.select[0].field}"]}))`);
  }

  lines.push(`group(columns: [${["_field", ...(query.by ?? [])].map((tag) => `"${tag}"`).join(", ")}])`);
  const reduce = query.select[0].reduce;
  const percentile = percentiles[reduce];
  if (query.series) {
    const fn = percentile ? `(tables=<-, column) => tables |> quantile(q: ${percentile / 100}, column: column)` : reduce;
    lines.push(`aggregateWindow(every: v.windowPeriod, fn: ${fn}, createEmpty: ${query.fill === "0"})`);
  } else {
    lines.push(percentile ? `quantile(q: ${percentile / 100})` : `${reduce}()`);
  }

  const [first] = query.select;
  if (first.rate) {
    lines.push("derivative(unit: 1s, nonNegative: true)");
  } else if (first.change) {
    lines.push("difference(nonNegative: true)");
  }

  if (query.select.some((column) => column.per)) {
    lines.push('pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")');
    const quotients = query.select.map((column) => `"${column.as ?? column.field}": r["${column.field}"] / r["${column.per}"]`);
    lines.push(`map(fn: (r) => ({_time: r._time, ${quotients.join(", ")}}))`);
  }

  return lines.join("\n  |> ");
}

function fluxCondition({ key, op, value }: Condition): string {
  const operator = op === "=" ? "==" : op;
  const text = typeof value === "string" ? (op === "=~" ? value.replace("$device", "${device:regex}") : `"${value}"`) : String(value);
  return `r["${key}"] ${operator} ${text}`;
}
