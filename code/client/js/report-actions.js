/** What can be done with a report: look into it, cancel it, delete it, ask for it again. */

import { Attempt, deleteAt, getJson } from './api.js';

const ALREADY_FINAL = 'already_final';

/** @returns {(request: object) => Promise<object>} sends `POST /reports`, safe to repeat */
export function reportSender() {
  const attempt = new Attempt('/reports');
  return (request) => attempt.post(request);
}

/** @returns {object} what to ask for to get the same report once more */
export function requestLike({ kind, window: { from = null, to = null, timezone = null } }) {
  const asked = Object.entries({ kind, from, to, timezone });
  return Object.fromEntries(asked.filter(([, value]) => value !== null));
}

/** @returns {Promise<object>} the report with its tables, its chart and its first rows */
export function wholeReport(id) {
  return getJson(address(id));
}

/**
 * @param {string} id
 * @returns {Promise<object>} the report as it is now: cancelled, or over before it could be
 * @throws {ApiError}
 */
export async function cancelReport(id) {
  try {
    return await new Attempt(`${address(id)}/cancel`).post({});
  } catch (error) {
    if (error.code === ALREADY_FINAL) return wholeReport(id);
    throw error;
  }
}

/**
 * Removes the report and its files. One that is gone already is gone.
 *
 * @param {string} id
 * @throws {ApiError}
 */
export function deleteReport(id) {
  return deleteAt(address(id));
}

function address(id) {
  return `/reports/${encodeURIComponent(id)}`;
}
