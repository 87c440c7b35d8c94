// SPDX-License-Identifier: Apache-2.0
// What the parts of the page ask of the data.
import { number, interval, words, capital } from './format.js';

export const regimeColour = (regime) => `var(--r${regime % 6})`;
export const shareColour = (place) => `var(--s${place % 8})`;
/** Dashes tell lines apart where colours do not. */
export const dashes = ['', '7 3', '2 3', '9 3 2 3', '12 4', '1 4'];

/** Minutes of a year, as Standing counts them. */
export const YEAR = 525600;
export const yearsAt = (data, window) => Math.min((window + 1) * data.window_minutes, data.horizon_minutes) / YEAR;

/** The sentence that a comparison comes to: { text, none }. */
export function answer(data, c) {
  const a = capital(titleOf(data, c.a)), b = capital(titleOf(data, c.b));
  const of = (outcome) => c.outcomes.find((o) => o.outcome === outcome && o.subject === '' && Object.keys(o.levels).length === 0);
  const who = c.population === 'resident' ? 'people' : `${words(c.population)} members`;
  if (c.no_difference) return { none: true, text: `No difference: under “${b}” everything happens to everybody as it does under “${a}”.` };
  const restricted = of('restricted_people'), wrong = of('wrong_people'), years = of('restricted_years');
  if (!restricted || restricted.no_difference) {
    const nobody = !restricted || (restricted.a === 0 && restricted.b === 0);
    return { none: true, text: nobody
      ? `Nobody is restricted, under “${b}” or under “${a}”; what differs is in the tables below.`
      : `No difference in who is restricted between “${b}” and “${a}”; what differs is in the tables below.` };
  }
  const spread = (o, low, high) => {
    const range = interval(o[low], o[high]);
    return range === '' ? '' : o.always_the_same ? '' : ` (95 % interval ${range})`;
  };
  const more = restricted.difference >= 0 ? 'more' : 'fewer';
  const per = restricted.difference >= 0 ? spread(restricted, 'per_1000_low', 'per_1000_high')
    : spread({ ...restricted, l: restricted.per_1000_high === null ? null : -restricted.per_1000_high, h: restricted.per_1000_low === null ? null : -restricted.per_1000_low }, 'l', 'h');
  let text = `Under “${b}” ${number(Math.abs(restricted.per_1000))} ${more} of every 1,000 ${who}${per} are restricted at some time than under “${a}”: `
    + `${number(restricted.b)} against ${number(restricted.a)} in all`;
  if (wrong && !wrong.no_difference) {
    const change = wrong.difference;
    text += wrong.a === 0 ? `, ${number(wrong.b)} of them wrongly` : `; wrongly, ${number(Math.abs(change))} ${change >= 0 ? 'more' : 'fewer'}`;
    text += spread(wrong, 'low', 'high') && change >= 0 ? spread(wrong, 'low', 'high') : '';
  }
  if (years && !years.no_difference) text += `. That is ${number(Math.abs(years.difference))} person-years of restriction ${years.difference >= 0 ? 'more' : 'less'}`;
  return { none: false, text: `${text}.` };
}

export function titleOf(data, name) {
  return data.regimes.find((r) => r.name === name)?.title || words(name);
}

/** Everything about intervals that a reader must know. */
export function intervalNote(data) {
  if (data.replicates === 1) return 'One replicate: no interval can be given. A study with replicates: 10 or more has them.';
  const few = data.replicates < 10 ? ' Fewer than ten replicates: intervals are wide.' : '';
  return `Means over ${data.replicates} replicates; intervals are 95 % intervals of the mean, by Student’s t.${few}`;
}

/** The rough places of districts that we know: [column, row]. */
export const layouts = [{
  name: 'Beijing', columns: 5, rows: 4,
  places: {
    Yanqing: [1, 0], Huairou: [2, 0], Miyun: [3, 0],
    Changping: [2, 1], Shunyi: [3, 1], Pinggu: [4, 1],
    Mentougou: [0, 2], Haidian: [1, 2], Xicheng: [2, 2], Dongcheng: [3, 2], Chaoyang: [4, 2],
    Fangshan: [0, 3], Shijingshan: [1, 3], Fengtai: [2, 3], Daxing: [3, 3], Tongzhou: [4, 3],
  },
}];

/** Tiles for levels: in their rough place if we know it, else by the alphabet. */
export function tiles(levels) {
  for (const layout of layouts) {
    if (levels.length > 1 && levels.every((level) => layout.places[level])) {
      return { ...layout, known: true, at: levels.map((level) => layout.places[level]) };
    }
  }
  const order = levels.map((level, i) => [level, i]).sort((x, y) => x[0].localeCompare(y[0], 'en', { numeric: true }));
  const columns = Math.min(levels.length, levels.length > 4 ? Math.min(6, Math.ceil(Math.sqrt(levels.length) * 1.2)) : levels.length) || 1;
  const at = [];
  order.forEach(([, i], place) => { at[i] = [place % columns, Math.floor(place / columns)]; });
  return { known: false, columns, rows: Math.ceil(levels.length / columns) || 1, at };
}
