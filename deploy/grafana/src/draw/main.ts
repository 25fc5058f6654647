// Draws what each panel of the dashboards got from its queries, one picture a dashboard, laid out as Grafana would:
//   node dist/draw/main.js [FOLDER [DASHBOARDS]]     reads FOLDER/results.json, which the panel test writes; writes FOLDER/NAME.svg and index.html
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { graph, Span, spanOf } from "./graph";
import { bars, stat } from "./numbers";
import { Page, readPages } from "./results";
import { Box, element, faint, fitted, rule, write } from "./svg";
import { table } from "./table";
import { clock } from "./units";

const column = 64;
const rowHeight = 38;
const gap = 8;
const head = 44;

function panel({ model, series }: Page["panels"][number], span: Span): string {
  const { x, y, w, h } = model.gridPos;
  const frame: Box = { x: x * column + gap / 2, y: head + y * rowHeight + gap / 2, width: w * column - gap, height: h * rowHeight - gap };
  const inside: Box = { x: frame.x + 12, y: frame.y + 32, width: frame.width - 24, height: frame.height - 42 };
  const content = () => {
    switch (model.type) {
      case "timeseries":
        return graph(model, series, span, inside);
      case "bargauge":
        return bars(model, series, inside);
      case "table":
        return table(model, series, inside);
      case "stat":
        return stat(model, series, inside);
      default:
        throw new Error(`${model.title} is a ${model.type}, which is not drawn`);
    }
  };
  return element("rect", { x: frame.x, y: frame.y, width: frame.width, height: frame.height, rx: 3, fill: "#ffffff", stroke: rule })
    + write(frame.x + 12, frame.y + 20, fitted(model.title, inside.width, 13), { size: 13, weight: 600 })
    + (series.some((one) => one.values.length > 0) || model.type === "stat" ? content() : write(frame.x + frame.width / 2, frame.y + frame.height / 2, "No data", { anchor: "middle", fill: faint }));
}

function picture(page: Page): string {
  const width = 24 * column;
  const height = head + Math.max(...page.panels.map(({ model }) => model.gridPos.y + model.gridPos.h)) * rowHeight + gap;
  const span = spanOf(page.panels.filter(({ model }) => model.type === "timeseries").flatMap(({ series }) => series));
  const day = new Date(span.from * 1000).toISOString().slice(0, 10);
  const title = write(12, 28, page.title, { size: 18, weight: 600 }) + write(width - 12, 28, `${day}, ${clock(span.from)} to ${clock(span.to)} UTC`, { anchor: "end", fill: faint, size: 12 });
  return element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "DejaVu Sans, Verdana, sans-serif" },
    element("rect", { width, height, fill: "#f4f5f7" }) + title + page.panels.map((one) => panel(one, span)).join("\n"),
  );
}

const folder = process.argv[2] ?? join("..", "..", "artifacts", "panels");
const pages = readPages(join(folder, "results.json"), process.argv[3] ?? join("dashboards", "influxql"));
for (const page of pages) {
  writeFileSync(join(folder, `${page.name}.svg`), `${picture(page)}\n`);
  console.log(join(folder, `${page.name}.svg`));
}

const images = pages.map((page) => `<p><img src="${page.name}.svg" alt="${page.title}"></p>`);
writeFileSync(join(folder, "index.html"), `<!doctype html>\n<meta charset="utf-8">\n<title>EcgStream: panels</title>\n${images.join("\n")}\n`);
