/** The chart of a report: money over time, with its words and its numbers beside it. */

import uPlot from '../vendor/uplot/uPlot.esm.js';
import { chartSentence, chartTable, seriesTotal, timeNamer } from './report-chart-words.js';
import { formatAxisMoney, formatMoney } from './money.js';
import { tableBox } from './report-table.js';
import { element, fromTemplate } from './templates.js';
import { isZone, ownZone } from './zones.js';

const HEIGHT = 260;
const DAY_SECONDS = 86_400;
const MOST_WITH_POINTS = 62;
const LINE_WIDTH = 2.5;
const AXIS_CHARACTER = 7.5;

/** Lines differ by colour and by dash; each colour has a contrast of 4.5 to 1 with the page. */
const LINES = [
  { color: '#14515c', dash: [] },
  { color: '#b0412a', dash: [9, 5] },
  { color: '#5b3c88', dash: [2, 4] },
  { color: '#6b4700', dash: [12, 4, 2, 4] },
  { color: '#1c6644', dash: [18, 6] },
];
const INK = '#4a545c';
const GRID = { stroke: '#e6dcc8', width: 1 };

/**
 * @param {import('./report-chart-words.js').Chart} chart
 * @param {string} timezone  of the report
 * @returns {HTMLElement} draws itself as soon as it is on the page, and again when that changes
 */
export function reportChart(chart, timezone) {
  const zone = isZone(timezone) ? timezone : ownZone();
  const part = fromTemplate('chart', { '.chart-words': chartSentence(chart, zone) });
  part.querySelector('.chart-numbers').append(tableBox(chartTable(chart, zone)));
  const legend = new Legend(part, chart, zone);
  drawWhenSeen(part.querySelector('.chart-canvas'), chart, zone, legend);
  return part;
}

/** Which line is what, with its sum, or its amount at the time under the pointer. */
class Legend {
  #chart;
  #name;
  #time;
  #amounts;

  constructor(part, chart, zone) {
    this.#chart = chart;
    this.#name = timeNamer(chart, zone);
    this.#time = part.querySelector('.chart-time');
    this.#amounts = chart.series.map(() => element('span', '', 'legend-amount'));
    part.querySelector('.chart-legend').append(...chart.series.map((series, place) => this.#entry(series, place)));
    this.show(null);
  }

  /** @param {number|null} place  of the time in the chart; null for the sums */
  show(place) {
    const { series, times, currency } = this.#chart;
    this.#time.textContent = place === null ? 'In all' : this.#name(times[place]);
    series.forEach((one, index) => {
      const amount = place === null ? seriesTotal(one) : one.amounts[place];
      this.#amounts[index].textContent = formatMoney(amount, currency);
    });
  }

  #entry({ label }, place) {
    const entry = fromTemplate('legend-entry', { '.legend-label': label });
    const { color, dash } = lineOf(place);
    const line = entry.querySelector('line');
    line.setAttribute('stroke', color);
    line.setAttribute('stroke-dasharray', dash.join(' '));
    entry.append(this.#amounts[place]);
    return entry;
  }
}

function drawWhenSeen(place, chart, zone, legend) {
  let plot = null;
  new ResizeObserver(() => {
    const width = place.clientWidth;
    if (width === 0) return;
    if (plot) plot.setSize({ width, height: HEIGHT });
    else plot = draw(place, width, chart, zone, legend);
  }).observe(place);
}

function draw(place, width, chart, zone, legend) {
  const font = `13px ${getComputedStyle(place).fontFamily}`;
  const options = {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false } },
    scales: { y: { range: amountRange } },
    axes: [timeAxis(zone, font), moneyAxis(chart.currency, font)],
    series: [{}, ...chart.series.map((series, place) => line(series, place, chart.times.length))],
    hooks: { setCursor: [({ cursor }) => legend.show(cursor.idx ?? null)] },
  };
  return new uPlot(options, [chart.times, ...chart.series.map(({ amounts }) => amounts)], place);
}

function line({ label }, place, length) {
  const { color, dash } = lineOf(place);
  return {
    label,
    stroke: color,
    dash,
    width: LINE_WIDTH,
    points: { show: length <= MOST_WITH_POINTS, size: 6, fill: color },
  };
}

function lineOf(place) {
  return LINES[place % LINES.length];
}

/** Zero is always in sight, so that heights can be compared. */
function amountRange(_plot, least, most) {
  const [low, high] = [Math.min(0, least ?? 0), Math.max(0, most ?? 0)];
  const room = (high - low || 100) * 0.08;
  return [low < 0 ? low - room : 0, high + room];
}

function timeAxis(zone, font) {
  const day = new Intl.DateTimeFormat('en', { timeZone: zone, day: 'numeric', month: 'short' });
  const hour = new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric' });
  const isMidnight = (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone).getHours() === 0;
  const name = (seconds, step) => (step >= DAY_SECONDS || isMidnight(seconds) ? day : hour).format(seconds * 1000);
  return {
    stroke: INK,
    font,
    grid: { show: false },
    ticks: GRID,
    space: 72,
    incrs: [1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 744, 2208, 8784].map((hours) => hours * 3600),
    values: (_plot, times, _axis, _space, step) => times.map((seconds) => name(seconds, step)),
  };
}

function moneyAxis(currency, font) {
  return {
    stroke: INK,
    font,
    grid: GRID,
    ticks: { show: false },
    values: (_plot, amounts) => formatAxisMoney(amounts, currency),
    size: (_plot, texts) => Math.max(40, ...(texts ?? []).map((text) => text.length * AXIS_CHARACTER + 14)),
  };
}
