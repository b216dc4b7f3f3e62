// What the service answers, as docs/reference/openapi.json describes it.
export type Mode = string;
export interface Place {
  id: string;
  name: string;
  kind: string;
  country: string;
  members: string[];
  names: Record<string, string>;
}
export interface Page<T> {
  items: T[];
  total: number;
  next: string | null;
}
export interface Unit {
  code: string;
  name: string;
}
export type UnitKind = "container" | "wagon" | "truck" | "bulk" | "oil";
export type CargoTypes = Record<UnitKind, Unit[]>;
export interface Goods {
  code: string;
  description: string;
}
export interface Names {
  carriers: Record<string, string>;
  corridors: Record<string, string>;
  services: Record<string, string>;
}
export interface Fault {
  pointer: string;
  code: string;
  message: string;
  fix?: string | null;
  suggestions?: string[];
}
export interface Problem {
  title: string;
  status: number;
  code: string;
  request_id: string;
  errors?: Fault[];
  [fact: string]: unknown;
}
export interface TransitTime {
  p10: number;
  p50: number;
  p80: number;
  p90: number;
  p95: number;
  mode_days: number;
  samples: number;
  quantiles: number[];
}
export interface DaysPart {
  leg: number;
  place: string;
  cause: string;
  p50_h: number;
  estimate: boolean;
}
export interface PriceLine {
  code: string;
  carrier: string;
  from: string;
  to: string;
  rule: string;
  basis: string;
  quantity: string;
  rate: string;
  amount: string | null;
  currency: string;
  amount_quoted: string | null;
  on_request: string | null;
  source: string;
  estimate: boolean;
  carried_forward: boolean;
  valid_from: string | null;
}
export interface Leg {
  mode: Mode;
  from: string;
  to: string;
  via: string[];
  carrier: string;
  service: string;
  nominal: boolean;
  departs_at: string;
  arrives_at: string;
  distance_km: number;
  co2e_kg: number;
}
export interface Call {
  place: string;
  activity: string;
  hours_p50: number;
  kind: "moving" | "handling" | "waiting";
}
export interface Alternative {
  rank: number;
  labels: string[];
  corridor: string;
  dominated_by: number | null;
  departs_at: string;
  arrives_at: string;
  transit_time_h: TransitTime;
  hours: { moving: number; handling: number; waiting: number };
  where_the_days_go: DaysPart[];
  time_of_it_estimates: { hours: number; share: number };
  on_time: number;
  price: {
    amount: string;
    low: string;
    high: string;
    currency: string;
    of_it_estimates: string;
    on_request: boolean;
  };
  price_lines: PriceLine[];
  co2e_kg: number;
  legs: Leg[];
  calls: Call[];
  documents: { document: string; where: string; rule: string; source: string }[];
  warnings: { code: string; message: string; rule: string; source: string }[];
}
export interface Refused {
  rule: string;
  message: string;
  corridor: string;
  places: string[];
  source?: string;
  reason?: string;
}
export interface Quote {
  quote_id: string;
  created_at: string;
  expires_at: string;
  tariff_version: string;
  network_hash: string;
  engine_version: string;
  request: Record<string, unknown> & { from: string; to: string; ready: string; currency: string };
  scope: string;
  excludes: string[];
  bounded: boolean;
  late: number;
  alternatives: Alternative[];
  refused: Refused[];
}
/** A city has neither state nor zone of its own: its places have. */
export interface PlaceDetail extends Place {
  status?: string;
  time_zone?: string;
  gauges_mm?: number[];
  estimate?: boolean;
  note: string;
  source: string[];
  codes: { scheme: string; code: string }[];
  activities: {
    id: string;
    activity: string;
    mode_from: string;
    mode_to: string;
    value_h: number;
    low_h: number | null;
    high_h: number | null;
    source: string[];
    estimate: boolean;
  }[];
  links: { id: string; to: string; mode: string; length_km: number; running_h: number | null; status: string }[];
  services?: { id: string; name: string; carrier: string; mode: string; headway_h: number | null; source: string[]; estimate: boolean }[];
  places?: PlaceDetail[];
}
export interface Departure {
  departure_id: string;
  name: string;
  carrier: string;
  mode: string;
  next_call: string;
  last_call: string;
  departs_at: string;
  departs_local: string;
  nominal: boolean;
}
