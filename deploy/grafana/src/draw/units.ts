// Numbers as Grafana shows them, in the units that the dashboards name.

/** About three digits that say something. */
function trimmed(value: number, decimals: number | undefined): string {
  const size = Math.abs(value);
  const digits = decimals ?? (size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size))));
  const text = value.toFixed(digits);
  return decimals === undefined && text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function scaled(value: number, steps: [number, string][], decimals: number | undefined): string {
  const [factor, unit] = steps.find(([step]) => Math.abs(value) >= step) ?? steps[steps.length - 1];
  return value === 0 ? `0 ${steps[0][1]}` : `${trimmed(value / factor, decimals)} ${unit}`;
}

export function format(value: number, unit?: string, decimals?: number): string {
  if (unit?.startsWith("suffix:")) return trimmed(value, decimals) + unit.slice("suffix:".length);
  switch (unit) {
    case "s":
      return scaled(value, [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]], decimals);
    case "ms":
      return scaled(value, [[1000, "s"], [1, "ms"], [1e-3, "µs"]], decimals).replace(/^0 s$/, "0 ms");
    case "bytes":
      return scaled(value, [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"], [1, "B"]], decimals);
    case "percentunit":
      return `${trimmed(value * 100, decimals)} %`;
    case "cps":
      return `${trimmed(value, decimals)} /s`;
    case undefined:
      return trimmed(value, decimals);
    default:
      throw new Error(`The unit ${unit} has no form here`);
  }
}

/** Round numbers from low to high, about as many as asked for. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

/** Whole seconds, minutes or hours between two times in seconds. */
export function timeTicks(low: number, high: number, count: number): number[] {
  const step = timeSteps.find((size) => (high - low) / size <= count) ?? timeSteps[timeSteps.length - 1];
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, place) => (first + place) * step);
}

export const clock = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 19);
