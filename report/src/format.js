// SPDX-License-Identifier: Apache-2.0
// Numbers and names as people read them.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** About three digits; "–" for what is not known. */
export function number(value, sign = false) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  let text;
  if (size >= 1000 || Number.isInteger(value)) text = grouped.format(size);
  else if (size >= 100) text = size.toFixed(0);
  else if (size >= 10) text = size.toFixed(1);
  else if (size >= 1) text = size.toFixed(2);
  else text = Number(size.toPrecision(2)).toString();
  if (text === '0' && value !== 0) text = size.toPrecision(2);
  return (value < 0 ? '−' : sign && value > 0 ? '+' : '') + text;
}

/** "low to high", or "" if there is no interval. */
export function interval(low, high, sign = false) {
  if (low === null || high === null || low === undefined || high === undefined) return '';
  return `${number(low, sign)} to ${number(high, sign)}`;
}

export const percent = (share, sign = false) =>
  share === null || share === undefined ? '–' : `${number(100 * share, sign)} %`;

/** unpaid_order as "unpaid order". */
export const words = (name) => String(name).replaceAll('_', ' ');
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

export const units = { people: 'people', years: 'person-years', times: 'times', yuan: 'yuan', share: 'share' };

/** What each outcome of `standing compare` and `standing disparity` is called. */
export const outcomes = {
  restricted_people: 'ever restricted', restricted_years: 'years restricted', wrong_people: 'ever wrongly restricted',
  wrong_years: 'years wrongly restricted', not_returned: 'share that never returned', years_to_return: 'years to return',
  listed_people: 'ever on list', listed_years: 'years on list', closed_people: 'door closed at the end', closed_years: 'years door closed',
  all_closed_people: 'all doors closed at the end', all_closed_years: 'years with all doors closed', blocked: 'attempts blocked',
  blocked_at: 'attempts blocked at', refused: 'refused for the name', acts: 'acts', poor_years: 'years poor',
  fine_yuan: 'yuan paid in fines', debt_yuan: 'yuan paid for debts', fee_yuan: 'yuan paid in fees', fines_unpaid: 'fines that stayed unpaid',
  false_positive: 'restricted though they never did a thing', false_negative: 'never restricted though they did',
  false_discovery: 'share of the restricted ever wrongly so', false_time: 'share of restricted time that was wrong',
  false_confirmed: 'share of false records confirmed', undetected: 'share of acts undetected',
};
export const outcome = (key, subject = '') =>
  subject === '' ? outcomes[key] ?? words(key) : `${outcomes[key] ?? words(key)}: ${words(subject)}`;
/** Outcomes that are shares or lengths already; of all others a rate is for 1,000 people. */
export const plain = new Set(['not_returned', 'years_to_return', 'false_positive', 'false_negative', 'false_discovery', 'false_time',
  'false_confirmed', 'undetected']);

/** A table as CSV (RFC 4180); texts that a spreadsheet would take for a formula get an apostrophe before them. */
export function csv(columns, rows) {
  const field = (value) => {
    if (value === null || value === undefined) return '';
    let text = String(value);
    if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.map((c) => field(c.csv ?? c.label)), ...rows.map((row) => columns.map((c) => field(row[c.key])))]
    .map((fields) => fields.join(',') + '\r\n').join('');
}
