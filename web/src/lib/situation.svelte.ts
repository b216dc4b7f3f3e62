// How the corridor stands: what is closed or restricted, now and at any moment of the time bar.
import { language } from "./say.svelte";
import type { Sign, Signs } from "./scene";
import type { Page } from "./types";

interface Interval {
  low: string;
  likely: string;
  high: string;
}
/** What both addresses say about something that is not as usual. */
interface Located {
  kind: "place" | "link" | "service" | "carrier";
  name: string;
  from: string | null;
  to: string | null;
  links: string[];
  cause: string;
  cause_name: string;
  since: string;
  reopen: Interval | null;
  share_lost: number;
  note: string;
  source: string;
  estimate: boolean;
}
export interface Item extends Located {
  id: string;
  state: Sign;
  means: { wait_h: { low: number; likely: number; high: number } | null; times_as_seldom: number | null; text: string };
  closures: string[];
}
export interface Closure extends Located {
  id: string;
  target: string;
  deed: string;
  state: Sign | "announced" | "over";
}
interface Situation {
  as_of: string;
  version: number;
  items: Item[];
  announced: Closure[];
}

const EVERY_MS = 60_000;
const held = $state<{ now: Situation | null; closures: Closure[]; asked: boolean }>({ now: null, closures: [], asked: false });

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { Accept: "application/json", "Accept-Language": language() } });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as T;
}

async function look(): Promise<void> {
  try {
    const found = await get<Situation>("/v1/situation");
    // Versions grow with every entry: closures are asked for only when there is a new one.
    if (found.version !== held.now?.version) held.closures = (await get<Page<Closure>>("/v1/closures?all=true&limit=500")).items;
    held.now = found;
  } catch {
    // What was last known stays, with its age.
  } finally {
    held.asked = true;
  }
}

/** Ask now and every minute while the page is seen; give what ends it. */
export function watch(): () => void {
  const again = (): void => {
    if (document.visibilityState === "visible") void look();
  };
  again();
  const timer = setInterval(again, EVERY_MS);
  document.addEventListener("visibilitychange", again);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", again);
  };
}

export function situation(): Situation | null {
  return held.now;
}

export function closures(): Closure[] {
  return held.closures;
}

/** Items that make a place what it is now: those of the place itself. */
export function stateOf(place: string): Item | undefined {
  return held.now?.items.find((item) => item.id === place);
}

/** Beginning and likely end of a closure; without an end it lasts. */
export function lasting(closure: Closure): [number, number] {
  return [Date.parse(closure.since), closure.reopen ? Date.parse(closure.reopen.likely) : Infinity];
}

function put(signs: Record<string, Sign>, id: string, sign: Sign): void {
  if (signs[id] !== "closed") signs[id] = sign;
}

/** Signs of places and of links as observed (null) or as they will likely stand at a moment. */
export function signsAt(moment: number | null): Signs {
  const signs: Record<string, Sign> = {};
  if (moment === null) {
    for (const item of held.now?.items ?? []) for (const id of item.kind === "place" ? [item.id] : item.links) put(signs, id, item.state);
    return signs;
  }
  for (const closure of held.closures) {
    const [since, until] = lasting(closure);
    if (moment < since || moment >= until) continue;
    for (const id of closure.kind === "place" ? [closure.target] : closure.links) put(signs, id, closure.share_lost >= 1 ? "closed" : "restricted");
  }
  return signs;
}
