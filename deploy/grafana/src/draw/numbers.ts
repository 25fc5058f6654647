import { NamedSeries, PanelModel } from "./results";
import { Box, colour, element, faint, fitted, ink, rule, widthOf, write } from "./svg";
import { format } from "./units";

function limitColour(model: PanelModel, value: number): string | undefined {
  const steps = model.fieldConfig?.defaults.thresholds?.steps ?? [];
  const reached = steps.filter((step) => step.value === null || value >= step.value);
  return reached.length === 0 ? undefined : colour(reached[reached.length - 1].color);
}

const lastOf = (series: NamedSeries): number | undefined => {
  const values = series.values.map((row) => row[1]).filter((value): value is number => typeof value === "number");
  return values[values.length - 1];
};

/** One number, large. */
export function stat(model: PanelModel, series: NamedSeries[], box: Box): string {
  const { unit, decimals, noValue } = model.fieldConfig?.defaults ?? {};
  const value = series.length > 0 ? lastOf(series[0]) : undefined;
  const [text, fill] = value === undefined ? [noValue ?? "No data", faint] : [format(value, unit, decimals), limitColour(model, value) ?? ink];
  return write(box.x + box.width / 2, box.y + box.height / 2 + 12, text, { size: 34, anchor: "middle", weight: 600, fill });
}

/** A bar for each series, on one scale. */
export function bars(model: PanelModel, series: NamedSeries[], box: Box): string {
  const { unit, decimals, min, max } = model.fieldConfig?.defaults ?? {};
  const entries = series.map((one) => ({ name: one.name, value: lastOf(one) })).filter((entry): entry is { name: string; value: number } => entry.value !== undefined);
  const low = min ?? 0;
  const high = Math.max(low + 1e-9, max ?? Math.max(...entries.map((entry) => entry.value)));
  const told = entries.map((entry) => format(entry.value, unit, decimals));
  const names = Math.min(box.width * 0.5, Math.max(...entries.map((entry) => widthOf(entry.name))) + 8);
  const full = box.width - names - Math.max(...told.map((text) => widthOf(text))) - 10;
  const step = Math.min(26, box.height / entries.length);
  return entries.map((entry, place) => {
    const y = box.y + place * step;
    const length = (Math.min(Math.max(entry.value, low), high) - low) / (high - low) * full;
    return write(box.x + names - 6, y + step / 2 + 4, fitted(entry.name, names - 8), { anchor: "end" })
      + element("rect", { x: box.x + names, y: y + step * 0.15, width: full, height: step * 0.7, fill: rule, "fill-opacity": 0.6 })
      + element("rect", { x: box.x + names, y: y + step * 0.15, width: length, height: step * 0.7, fill: limitColour(model, entry.value) ?? colour("green") })
      + write(box.x + names + full + 6, y + step / 2 + 4, told[place]);
  }).join("");
}
