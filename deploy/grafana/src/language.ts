// The two query languages of InfluxDB. InfluxQL is the default: 1.x and 2.x both speak it (2.x through its v1 compatibility, see docs in README.md).
export type Language = "influxql" | "flux";

export interface DataSource {
  type: "influxdb";
  uid: string;
}

export const dataSources: Record<Language, DataSource> = {
  influxql: { type: "influxdb", uid: "ecgstream-influxql" },
  flux: { type: "influxdb", uid: "ecgstream-flux" },
};

// The variable of a dashboard that holds the bucket's name, for Flux.
export const bucket = "ecgstream";
