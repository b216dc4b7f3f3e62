// Words of the trade that the page explains; their texts stand in the catalogue.
export const HELP = ["estimate", "carried", "gauge", "dwell", "chance", "likely", "co2e", "corridor", "transit", "restricted", "nominal", "range"] as const;
export type Help = (typeof HELP)[number];

export function isHelp(id: string): id is Help {
  return (HELP as readonly string[]).includes(id);
}
