import { NamedSeries, PanelModel } from "./results";
import { Box, colour, faint, fitted, ink, line, widthOf, write } from "./svg";
import { clock, format } from "./units";

type Cell = string | number | boolean | null | undefined;
type Row = Map<string, Cell>;
type Mapped = Record<string, { text: string; color: string }>;

const isExcluded = (options: Record<string, unknown>, name: string): boolean => ((options.exclude as { names?: string[] } | undefined)?.names ?? []).includes(name);

/** Rows with one value for each column that they share become one row. */
function merged(rows: Row[]): Row[] {
  const kept: Row[] = [];
  for (const row of rows) {
    const same = kept.find((other) => [...row].some(([name]) => other.has(name)) && [...row].every(([name, value]) => !other.has(name) || other.get(name) === value));
    if (same) row.forEach((value, name) => same.set(name, value));
    else kept.push(new Map(row));
  }

  return kept;
}

/** The panel's rows after its transformations, each as Grafana does it. Without a merge it shows the first query's rows only. */
function rowsOf(model: PanelModel, series: NamedSeries[]): Row[] {
  const steps = model.transformations ?? [];
  const isMerged = steps.some((step) => step.id === "merge");
  const taken = isMerged ? series : series.filter((one) => one.refId === model.targets[0].refId);
  let rows: Row[] = taken.flatMap((one) => one.values.map((values) => new Map<string, Cell>([
    ["Time", values[0]], ...Object.entries(one.tags ?? {}), ...values.slice(1).map((value, place): [string, Cell] => [one.columns[place + 1], value]),
  ])));
  for (const { id, options } of steps) {
    if (id === "filterFieldsByName") rows = rows.map((row) => new Map([...row].filter(([name]) => !isExcluded(options, name))));
    else if (id === "merge") rows = merged(rows);
    else if (id === "sortBy") {
      const [{ field, desc }] = options.sort as { field: string; desc?: boolean }[];
      rows = [...rows].sort((a, b) => (desc ? -1 : 1) * (Number(a.get(field)) - Number(b.get(field))));
    } else throw new Error(`The transformation ${id} is not drawn`);
  }

  return rows;
}

function mappingOf(model: PanelModel, column: string): Mapped {
  const override = model.fieldConfig?.overrides?.find((one) => one.matcher.options === column);
  const mappings = override?.properties.find((property) => property.id === "mappings")?.value as { options: Mapped }[] | undefined;
  return mappings?.[0].options ?? {};
}

function told(column: string, cell: Cell): string {
  if (column === "Time") return clock(Number(cell) / 1e9);
  return cell === null || cell === undefined ? "" : typeof cell === "number" ? format(cell) : String(cell);
}

export function table(model: PanelModel, series: NamedSeries[], box: Box): string {
  const rows = rowsOf(model, series);
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const cells = rows.map((row) => columns.map((column) => {
    const mapped = mappingOf(model, column)[String(row.get(column))];
    return mapped ? { text: mapped.text, fill: colour(mapped.color) } : { text: told(column, row.get(column)), fill: ink };
  }));

  // Every column gets what it needs where there is room, else its share.
  const wanted = columns.map((column, place) => Math.max(widthOf(column, 12), ...cells.map((row) => widthOf(row[place].text))) + 14);
  const sum = wanted.reduce((a, b) => a + b, 0);
  const narrow = wanted.map((width) => Math.min(width, 110));
  const spare = box.width - narrow.reduce((a, b) => a + b, 0);
  const lacking = wanted.map((width, place) => width - narrow[place]);
  const lack = lacking.reduce((a, b) => a + b, 0);
  const widths = sum <= box.width ? wanted.map((width) => width * (box.width / sum)) : narrow.map((width, place) => width + (lack > 0 ? (Math.max(0, spare) * lacking[place]) / lack : 0));
  const starts = widths.map((_, place) => box.x + widths.slice(0, place).reduce((a, b) => a + b, 0));

  const room = Math.floor((box.height - 18) / 17);
  const shown = cells.length > room ? cells.slice(0, room - 1) : cells;
  const head = columns.map((column, place) => write(starts[place], box.y + 10, fitted(column, widths[place] - 6), { weight: 600 })).join("");
  const body = shown.map((row, number) => {
    const y = box.y + 30 + number * 17;
    return line(box.x, y - 13, box.x + box.width, y - 13) + row.map((cell, place) => write(starts[place], y, fitted(cell.text, widths[place] - 6), { fill: cell.fill })).join("");
  });
  const more = cells.length > shown.length ? write(box.x, box.y + 30 + shown.length * 17, `and ${cells.length - shown.length} more rows`, { fill: faint }) : "";
  return head + body.join("") + more;
}
