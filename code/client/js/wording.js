/** Times, sizes and counts as people read them. Times are in the reader's zone, which is named. */

const TIME = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** @returns {string} such as "Europe/Paris" */
export function zoneName() {
  return TIME.resolvedOptions().timeZone.replaceAll('_', ' ');
}

/** @param {string} iso  an ISO 8601 time */
export function formatTime(iso) {
  return TIME.format(new Date(iso));
}

/**
 * @param {{from: string|null, to: string|null}} window  ISO 8601; null until the report starts
 *   where no window of the reader's own was asked for
 */
export function formatWindow({ from, to }) {
  if (from === null || to === null) return 'The last 36 hours, up to the moment it starts';
  return TIME.formatRange(new Date(from), new Date(to));
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {string} such as "1 min 5 s"
 */
export function formatDuration(from, to) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  if (seconds < 60) return seconds < 1 ? 'under a second' : `${seconds} s`;
  return `${Math.trunc(seconds / 60)} min ${seconds % 60} s`;
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${size.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`;
}

/**
 * @param {number} number
 * @param {string} singular
 * @param {string} [plural]
 * @returns {string} such as "1,240 rows"
 */
export function count(number, singular, plural = `${singular}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}
