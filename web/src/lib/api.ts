import { language } from "./say.svelte";
import type { Problem, Quote } from "./types";

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

async function open(response: Response): Promise<Response> {
  if (response.ok) return response;
  let problem: Problem;
  try {
    problem = (await response.json()) as Problem;
  } catch {
    problem = { title: "", status: response.status, code: "no-answer", request_id: "" };
  }
  throw new Refused(problem);
}

const answers = new Map<string, Promise<unknown>>();

/** Read an address once a language; what failed is asked for again. */
export function read<T>(path: string): Promise<T> {
  const key = `${language()} ${path}`;
  const known = answers.get(key);
  if (known) return known as Promise<T>;
  const asked = fetch(path, { headers: { Accept: "application/json, application/geo+json", "Accept-Language": language() } })
    .then(open)
    .then((response) => response.json() as Promise<T>);
  answers.set(key, asked);
  asked.catch(() => answers.delete(key));
  return asked;
}

function post(body: object, accept: string, signal?: AbortSignal): Promise<Response> {
  return fetch("/v1/quotes", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept, "Accept-Language": language() },
    body: JSON.stringify(body),
    signal: signal ?? null,
  }).then(open);
}

export async function quote(body: object, signal?: AbortSignal): Promise<Quote> {
  return (await post(body, "application/json", signal)).json() as Promise<Quote>;
}

const FILES = {
  pdf: "application/pdf",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;

/** Ask for the quote as a file and hand it to the browser under the name it came with. */
export async function download(body: object, kind: keyof typeof FILES): Promise<void> {
  const response = await post(body, FILES[kind]);
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = named?.[1] ?? `quote.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
