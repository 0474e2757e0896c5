/** The receipt of a report: what exactly was counted, and the checksums of its files. */

import { element, fromTemplate } from './templates.js';
import { formatBytes, formatDuration, formatSecond, formatTime } from './wording.js';

const COPIED_MS = 2500;

/**
 * @param {import('./report-item.js').Report} report
 * @returns {HTMLElement[]} nothing for a report without a receipt
 */
export function receiptPart(report) {
  if (!report.receipt) return [];
  const part = fromTemplate('receipt');
  part.querySelector('.receipt-facts').append(...facts(report).flatMap(factEntry));
  part.querySelector('.receipt-files').append(...report.receipt.files.map(fileEntry));
  return [part];
}

function facts({ receipt, started_at: started, finished_at: finished }) {
  return [
    ['Report', receipt.report],
    ['Time zone', receipt.timezone],
    ['From', ...bothClocks(receipt.from, receipt.from_local)],
    ['To, included', ...bothClocks(receipt.to, receipt.to_local)],
    ['Counted up to', formatSecond(receipt.cut_off), 'Nothing that came later is in.'],
    ['Rows read', receipt.rows.toLocaleString('en')],
    ['Calls to Stripe', receipt.calls.toLocaleString('en')],
    ["Version of Stripe's API", receipt.api_version],
    ['Finished', `${formatTime(finished)}, in ${formatDuration(started, finished)}`],
  ];
}

function bothClocks(utc, local) {
  const texts = [local, utc].map(formatSecond);
  return texts[0] === texts[1] ? [texts[1]] : texts;
}

function factEntry([term, ...lines]) {
  const description = element('dd', '');
  description.append(...lines.map((line) => element('span', line)));
  return [element('dt', term), description];
}

function fileEntry({ name, bytes, sha256 }) {
  const entry = fromTemplate('receipt-file', {
    '.file-name': name,
    '.file-size': formatBytes(bytes),
    '.checksum': sha256,
    '.copy-of': ` the checksum of ${name}`,
  });
  const button = entry.querySelector('button');
  button.addEventListener('click', () => copy(entry.querySelector('.checksum'), button));
  return entry;
}

/** Pages served by plain http may not write to the clipboard: there the text is only selected. */
async function copy(place, button) {
  const word = button.querySelector('.copy-word');
  getSelection().selectAllChildren(place);
  if (!navigator.clipboard) {
    word.textContent = 'Selected';
    return;
  }
  await navigator.clipboard.writeText(place.textContent);
  word.textContent = 'Copied';
  setTimeout(() => (word.textContent = 'Copy'), COPIED_MS);
}
