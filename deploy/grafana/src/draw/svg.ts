// Elements of a picture as text.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const ink = "#1f2933";
export const faint = "#6b7785";
export const rule = "#e1e5ea";

/** The names that the dashboards use, readable on white. */
const named: Record<string, string> = { green: "#2e8540", orange: "#d9730d", red: "#c4162a", blue: "#1f60c4" };
const palette = ["#1f60c4", "#d9730d", "#2e8540", "#8f3bb8", "#c4162a", "#0f8b8d", "#b7950b", "#6b4c9a", "#e0527e", "#5f6b7a", "#7a9e00", "#7b3f00"];

export const colour = (name: string): string => named[name] ?? name;
export const colourOf = (place: number): string => palette[place % palette.length];

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);
const number = (value: number): string => String(Math.round(value * 100) / 100);

export function element(name: string, attributes: Record<string, string | number | undefined>, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? number(value) : escaped(value!)}"`)
    .join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export interface TextLook {
  size?: number;
  fill?: string;
  anchor?: "start" | "middle" | "end";
  weight?: number;
}

/** Of a sans-serif of usual width; exact enough to cut by. */
export const widthOf = (text: string, size = 11): number => text.length * size * 0.56;

/** Cut with an ellipsis where it would be wider than the room. */
export function fitted(text: string, room: number, size = 11): string {
  if (widthOf(text, size) <= room) return text;
  return `${text.slice(0, Math.max(1, Math.floor(room / (size * 0.56)) - 1))}…`;
}

export const write = (x: number, y: number, text: string, look: TextLook = {}): string =>
  element("text", { x, y, "font-size": look.size ?? 11, fill: look.fill ?? ink, "text-anchor": look.anchor, "font-weight": look.weight }, escaped(text));

export const line = (x1: number, y1: number, x2: number, y2: number, stroke = rule, dash?: string): string =>
  element("line", { x1, y1, x2, y2, stroke, "stroke-dasharray": dash });
