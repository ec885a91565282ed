// Purpose: what Prometheus would read, as figures by name and labels.

export interface Scrape {
  readonly text: string
  /** One figure; undefined when there is none with these labels. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined
  /** Every value of one label, in any figure. */
  values(label: string): string[]
}

/** Reads the text format (https://prometheus.io/docs/instrumenting/exposition_formats/); our names are told without their `onepercent_`. */
export function readScrape(text: string): Scrape {
  const samples = [...text.matchAll(/^(?:onepercent_)?(\w+)(?:\{([^}]*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', said = '']) => [label, said])),
    value: Number(value),
  }))
  return {
    text,
    value: (name, labels = {}) =>
      samples.find((one) => one.name === name && JSON.stringify(sorted(one.labels)) === JSON.stringify(sorted(labels)))?.value,
    values: (label) => [...new Set(samples.flatMap(({ labels }) => labels[label] ?? []))].sort(),
  }
}

const sorted = (labels: Readonly<Record<string, string>>) => Object.entries(labels).sort()
