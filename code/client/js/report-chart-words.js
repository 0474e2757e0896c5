/** The chart of a report in words and as a table, for whoever cannot see it or wants the numbers. */

import { formatMoney } from './money.js';

const FORMATS = {
  hour: { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric' },
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
};

/**
 * @typedef {object} Chart
 * @property {string} currency
 * @property {"hour"|"day"} unit
 * @property {number[]} times  unix seconds: when each hour or day begins
 * @property {{name: string, label: string, amounts: number[]}[]} series  in minor units
 */

/**
 * @param {Chart} chart
 * @param {string} zone
 * @returns {(seconds: number) => string} names an hour or day of the chart
 */
export function timeNamer({ unit }, zone) {
  const format = new Intl.DateTimeFormat('en', { ...(FORMATS[unit] ?? FORMATS.hour), timeZone: zone });
  return (seconds) => format.format(seconds * 1000);
}

/**
 * @param {Chart} chart
 * @param {string} zone
 * @returns {string} such as "By day, Oct 1 to Oct 31. Gross: $90.00 in all, most on Oct 3 ($20.00)."
 */
export function chartSentence(chart, zone) {
  const name = timeNamer(chart, zone);
  const { unit, times } = chart;
  const span = `By ${unit}, ${name(times[0])} to ${name(times.at(-1))}.`;
  return [span, ...chart.series.map((series) => seriesSentence(series, chart, name))].join(' ');
}

/**
 * @param {Chart} chart
 * @param {string} zone
 * @returns {import('./report-table.js').Table}
 */
export function chartTable(chart, zone) {
  const name = timeNamer(chart, zone);
  const { currency, unit, times, series } = chart;
  return {
    title: 'The numbers of the chart',
    currency,
    columns: [
      { name: 'time', title: unit === 'day' ? 'Day' : 'Hour', kind: 'text' },
      ...series.map(({ name: column, label }) => ({ name: column, title: label, kind: 'money' })),
    ],
    rows: times.map((time, place) => [name(time), ...series.map(({ amounts }) => amounts[place])]),
  };
}

/** @returns {number} in minor units */
export function seriesTotal({ amounts }) {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

function seriesSentence(series, { currency, times }, name) {
  const { label, amounts } = series;
  const total = `${label}: ${formatMoney(seriesTotal(series), currency)} in all`;
  const most = Math.max(...amounts);
  if (most <= 0) return `${total}.`;
  return `${total}, most on ${name(times[amounts.indexOf(most)])} (${formatMoney(most, currency)}).`;
}
