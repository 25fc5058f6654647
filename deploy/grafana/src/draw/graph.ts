import { NamedSeries, Override, PanelModel } from "./results";
import { Box, colour, colourOf, element, faint, fitted, line, widthOf, write } from "./svg";
import { clock, format, ticks, timeTicks } from "./units";

interface Line {
  name: string;
  colour: string;
  points: [seconds: number, value: number][];
}

/** The range of time that all graphs of a page share, in seconds. */
export interface Span {
  from: number;
  to: number;
}

const seconds = (nanoseconds: unknown): number => Number(nanoseconds) / 1e9;

export function spanOf(series: NamedSeries[]): Span {
  const times = series.flatMap((one) => one.values.map((row) => seconds(row[0])));
  return { from: Math.min(...times), to: Math.max(...times) };
}

function fixedColour(overrides: Override[] | undefined, name: string): string | undefined {
  const found = overrides?.find((override) => override.matcher.options === name)?.properties.find((property) => property.id === "color");
  return found && colour((found.value as { fixedColor: string }).fixedColor);
}

function linesOf(model: PanelModel, series: NamedSeries[]): Line[] {
  return series.map((one, place) => ({
    name: one.name,
    colour: fixedColour(model.fieldConfig?.overrides, one.name) ?? colourOf(place),
    points: one.values.filter((row) => typeof row[1] === "number").map((row) => [seconds(row[0]), row[1] as number]),
  }));
}

/** For each line what it stands on: the lines before it where they are stacked, else nothing. */
function floors(lines: Line[], stacked: boolean): Map<number, number>[] {
  const heights = new Map<number, number>();
  return lines.map((one) => {
    const floor = new Map(one.points.map(([when]) => [when, stacked ? (heights.get(when) ?? 0) : 0]));
    one.points.forEach(([when, value]) => heights.set(when, (heights.get(when) ?? 0) + value));
    return floor;
  });
}

/** Last and highest of each line in a table on the right, as in the dashboards. */
function legend(model: PanelModel, lines: Line[], box: Box): string {
  const { unit, decimals } = model.fieldConfig?.defaults ?? {};
  const [last, most] = [box.x + box.width - 62, box.x + box.width];
  const room = Math.floor((box.height - 16) / 15);
  const shown = lines.length > room ? lines.slice(0, room - 1) : lines;
  const rows = shown.map((one, place) => {
    const y = box.y + 26 + place * 15;
    const values = one.points.map(([, value]) => value);
    const told = values.length === 0 ? ["", ""] : [values[values.length - 1], Math.max(...values)].map((value) => format(value, unit, decimals));
    return element("rect", { x: box.x, y: y - 8, width: 9, height: 9, fill: one.colour })
      + write(box.x + 14, y, fitted(one.name, last - 50 - box.x - 14, 11))
      + write(last, y, told[0], { anchor: "end" }) + write(most, y, told[1], { anchor: "end" });
  });
  const head = write(last, box.y + 10, "last", { anchor: "end", fill: faint, size: 10 }) + write(most, box.y + 10, "max", { anchor: "end", fill: faint, size: 10 });
  const more = lines.length > shown.length ? write(box.x + 14, box.y + 26 + shown.length * 15, `and ${lines.length - shown.length} more`, { fill: faint }) : "";
  return head + rows.join("") + more;
}

export function graph(model: PanelModel, series: NamedSeries[], span: Span, box: Box): string {
  const defaults = model.fieldConfig?.defaults ?? {};
  const lines = linesOf(model, series);
  const [isBars, isStacked] = [defaults.custom?.drawStyle === "bars", defaults.custom?.stacking?.mode === "normal"];
  const under = floors(lines, isStacked);
  const tops = lines.flatMap((one, place) => one.points.map(([when, value]) => value + under[place].get(when)!));
  const limits = defaults.custom?.thresholdsStyle ? (defaults.thresholds?.steps ?? []).filter((step) => step.value !== null) : [];

  const low = defaults.min ?? Math.min(isBars || isStacked ? 0 : Infinity, ...tops);
  const most = defaults.max ?? Math.max(...tops, ...limits.map((step) => step.value!));
  const high = most > low ? most + (defaults.max === undefined ? (most - low) * 0.05 : 0) : low + 1;
  const marks = ticks(low, high, Math.max(2, Math.floor(box.height / 40))).filter((mark) => defaults.decimals !== 0 || Number.isInteger(mark));
  const labels = marks.map((mark) => format(mark, defaults.unit));

  const table = Math.min(box.width * 0.48, Math.max(...lines.map((one) => widthOf(one.name))) + 140);
  const left = box.x + Math.max(...labels.map((label) => widthOf(label, 10))) + 8;
  const plot: Box = { x: left, y: box.y + 4, width: box.x + box.width - table - 18 - left, height: box.height - 22 };
  const step = Math.min(...lines.flatMap((one) => one.points.slice(1).map(([when], place) => when - one.points[place][0])), span.to - span.from || 1);
  const end = isBars ? span.to + step : span.to;
  const across = (when: number) => plot.x + ((when - span.from) / (end - span.from || 1)) * plot.width;
  const up = (value: number) => plot.y + plot.height - ((value - low) / (high - low)) * plot.height;

  const grid = marks.map((mark, place) => line(plot.x, up(mark), plot.x + plot.width, up(mark)) + write(left - 6, up(mark) + 3.5, labels[place], { anchor: "end", fill: faint, size: 10 }));
  const times = timeTicks(span.from, end, Math.floor(plot.width / 66)).map((when) =>
    line(across(when), plot.y, across(when), plot.y + plot.height + 4) + write(across(when), plot.y + plot.height + 15, clock(when), { anchor: "middle", fill: faint, size: 10 }));
  const dashes = limits.map((limit) => line(plot.x, up(limit.value!), plot.x + plot.width, up(limit.value!), colour(limit.color), "5 4"));

  const width = across(span.from + step) - plot.x;
  const drawn = lines.map((one, place) => {
    if (isBars) {
      const [thin, shift] = isStacked ? [width * 0.8, 0] : [(width * 0.8) / lines.length, (width * 0.8 * place) / lines.length];
      return one.points.map(([when, value]) => {
        const floor = under[place].get(when)!;
        return value === 0 ? "" : element("rect", { x: across(when) + width * 0.1 + shift, y: up(floor + value), width: thin, height: up(floor) - up(floor + value), fill: one.colour, "fill-opacity": 0.8 });
      }).join("");
    }

    const path = one.points.map(([when, value]) => [across(when), up(value + under[place].get(when)!)]);
    return element("polyline", { points: path.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" "), fill: "none", stroke: one.colour, "stroke-width": 1.5 })
      + path.map(([x, y]) => element("circle", { cx: x, cy: y, r: 2, fill: one.colour })).join("");
  });
  return [...grid, ...times, ...dashes, ...drawn].join("") + legend(model, lines, { x: box.x + box.width - table, y: box.y, width: table, height: box.height });
}
