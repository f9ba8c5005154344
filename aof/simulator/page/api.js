/** The control API, as docs/reference/simulator-api.md tells it. */

import { say } from "./words.js";

/**
 * @returns {Promise<Object>} what it answered
 * @throws {Error} with the words of the refusal
 */
export async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(`/_sim${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error(say("no_simulator"));
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

export function phonePath(number, verb) {
  return `/phones/${encodeURIComponent(number)}/${verb}`;
}
