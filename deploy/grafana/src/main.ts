// Writes dashboards/LANGUAGE/NAME.json and provisioning/alerting/pipeline.yaml under the folder that is named.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { alertRules } from "./alerts";
import { bucket, dataSources, Language } from "./language";
import { models } from "./models";
import { Panel } from "./panels";
import { patient } from "./patient";
import { pipeline } from "./pipeline";
import { ward } from "./ward";

interface Page {
  name: string;
  title: string;
  description: string;
  from: string;
  refresh: string;
  panels: Panel[];
  byDevice?: boolean;
}

const notMedical = "Not a medical device.";
const pages: Page[] = [
  { name: "ward", title: "Ward overview", description: `Patients, heart rates and alarms of all beds. ${notMedical}`, from: "now-30m", refresh: "5s", panels: ward },
  { name: "patient", title: "Patient", description: `One device: vitals, rhythm, beats, alarm history. ${notMedical}`, from: "now-30m", refresh: "5s", panels: patient, byDevice: true },
  { name: "pipeline", title: "Pipeline", description: "The daemon itself: rates, queues, latency, losses.", from: "now-3h", refresh: "10s", panels: pipeline },
  { name: "models", title: "Models", description: "Score drift, class mix and signal quality.", from: "now-24h", refresh: "1m", panels: models },
];

function deviceVariable(language: Language): dashboard.QueryVariableBuilder {
  const query = language === "influxql"
    ? 'SHOW TAG VALUES FROM "ecg_vitals" WITH KEY = "device"'
    : 'import "influxdata/influxdb/schema"\nschema.tagValues(bucket: "$bucket", tag: "device", predicate: (r) => r._measurement == "ecg_vitals")';
  return new dashboard.QueryVariableBuilder("device").label("Device").datasource(dataSources[language]).query(query).refresh(dashboard.VariableRefresh.OnTimeRangeChanged).sort(dashboard.VariableSort.AlphabeticalAsc);
}

function write(page: Page, language: Language): string {
  const builder = new dashboard.DashboardBuilder(`EcgStream: ${page.title}`)
    .uid(`ecgstream-${page.name}-${language}`)
    .description(page.description)
    .tags(["ecgstream", language])
    .timezone("browser")
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: page.from, to: "now" })
    .refresh(page.refresh)
    .link(new dashboard.DashboardLinkBuilder("EcgStream").type(dashboard.DashboardLinkType.Dashboards).tags(["ecgstream", language]).keepTime(true).asDropdown(true))
    .readonly();
  if (language === "flux") builder.withVariable(new dashboard.ConstantVariableBuilder("bucket").value(bucket));
  if (page.byDevice) builder.withVariable(deviceVariable(language));
  for (const panel of page.panels) builder.withPanel(panel(language));
  return `${JSON.stringify(builder.build(), null, 1)}\n`;
}

const root = process.argv[2] ?? ".";
for (const language of Object.keys(dataSources) as Language[]) {
  const folder = join(root, "dashboards", language);
  mkdirSync(folder, { recursive: true });
  for (const page of pages) writeFileSync(join(folder, `${page.name}.json`), write(page, language));
}

mkdirSync(join(root, "provisioning", "alerting"), { recursive: true });
// JSON is YAML too.
writeFileSync(join(root, "provisioning", "alerting", "pipeline.yaml"), `${JSON.stringify(alertRules(), null, 1)}\n`);
