/**
 * The page's script: search, filters, sort and pages of the accounts' table. All text reaches the page through
 * `textContent`, never as markup.
 */
export const SCRIPT = String.raw`'use strict';
(() => {
  const ID = 0, EMAIL = 1, NAME = 2, LINE = 3, STATE = 4, REASON = 5, VERIFIED = 6, DETAIL = 7, HTTP = 8, SENT = 9, FINISHED = 10, CANARY = 11, URGENT = 12, ACTIVE = 13;
  const source = document.getElementById('data');
  if (source === null) return;
  const data = JSON.parse(source.textContent);
  const rows = data.rows;
  const at = (id) => document.getElementById(id);
  const search = at('search'), state = at('state'), reason = at('reason'), urgent = at('urgent'), size = at('size');
  const number = (value) => value.toLocaleString('en-US');
  const MOST_PRINTED = 1000;

  let shown = [...rows.keys()];
  let page = 0;
  let sort = { key: '', down: false };
  let texts = null;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const iso = (time) => new Date(time).toISOString();
  /* The day is told only where it is not the one on which the run began. */
  const finished = (row) => {
    if (row[FINISHED] < 0) return '';
    const at = iso(data.base + row[FINISHED]);
    return (at.slice(0, 10) === iso(data.base).slice(0, 10) ? '' : at.slice(0, 10) + ' ') + at.slice(11, 19);
  };

  const heads = document.querySelectorAll('[data-sort]');
  /* A column in which no account has anything is left out. */
  const TOLD = { reason: (row) => row[REASON] > 0, verified: (row) => row[VERIFIED] > 0, detail: (row) => row[DETAIL] !== '',
    sent: (row) => row[SENT] > 0, finished: (row) => row[FINISHED] >= 0, active: (row) => row[ACTIVE] !== '' };
  for (const th of heads) th.hidden = th.dataset.sort in TOLD && !rows.some(TOLD[th.dataset.sort]);

  const COLUMNS = { line: LINE, state: STATE, verified: VERIFIED, detail: DETAIL, sent: SENT, finished: FINISHED, active: ACTIVE };
  const keyOf = (row) => {
    if (sort.key === 'who') return (row[NAME] || row[EMAIL] || row[ID]).toLowerCase();
    const key = sort.key === 'reason' ? data.reasons[row[REASON]] : row[COLUMNS[sort.key]];
    return sort.key === 'detail' ? key.toLowerCase() : key;
  };

  const fill = (select, at, words) => {
    const counts = new Map();
    for (const row of rows) counts.set(row[at], (counts.get(row[at]) || 0) + 1);
    for (const [value, count] of [...counts].sort((a, b) => a[0] - b[0])) {
      if (words(value) === '') continue;
      const option = element('option', '', words(value) + ' (' + number(count) + ')');
      option.value = String(value);
      select.append(option);
    }
    select.closest('label').hidden = select.options.length < 2;
  };

  const select = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
    if (words.length > 0 && texts === null) {
      texts = rows.map((row) => (row[ID] + '\n' + row[EMAIL] + '\n' + row[NAME] + '\n' + row[DETAIL]).toLowerCase());
    }
    const is = (choice, value) => choice.value === '' || choice.value === String(value);
    shown = [...rows.keys()].filter((index) => {
      const row = rows[index];
      return is(state, row[STATE]) && is(reason, row[REASON]) && (!urgent.checked || row[URGENT] === 1)
        && words.every((word) => texts[index].includes(word));
    });
    if (sort.key !== '') {
      const keys = rows.map(keyOf);
      const sign = sort.down ? -1 : 1;
      shown.sort((a, b) => keys[a] < keys[b] ? -sign : keys[a] > keys[b] ? sign : a - b);
    }
    page = 0;
    draw();
  };

  const line = (row) => {
    const tr = element('tr');
    const who = element('td', 'who');
    if (row[CANARY]) who.append(element('span', 'badge', 'canary'), ' ');
    const parts = [row[NAME], row[EMAIL]].filter((part) => part !== '').map((part, at) => element('span', at ? 'soft' : '', part));
    for (const part of [...parts, element('code', parts.length ? 'soft' : '', row[ID])]) who.append(part, ' ');
    who.title = [row[NAME], row[EMAIL], row[ID]].filter((part) => part !== '').join('\n');
    const status = element('td', 'state');
    status.append(element('span', 'dot ' + data.states[row[STATE]][0]), data.states[row[STATE]][1]);
    const sent = row[SENT] === 0 ? '–' : number(row[SENT]) + (row[HTTP] ? ' · ' + row[HTTP] : '');
    tr.append(who, status, element('td', 'n wide', number(row[LINE])), element('td', '', data.reasons[row[REASON]] || '–'),
      element('td', 'short', data.verified[row[VERIFIED]]), element('td', 'detail', row[DETAIL]), element('td', 'n', sent), element('td', 'short', finished(row)),
      element('td', 'short', row[ACTIVE].slice(0, 10) || '–'));
    for (const [at, cell] of [...tr.cells].entries()) cell.hidden = heads[at].hidden;
    return tr;
  };

  const draw = (most) => {
    const length = most || Number(size.value);
    const pages = Math.max(1, Math.ceil(shown.length / length));
    page = Math.min(page, pages - 1);
    const part = shown.slice(page * length, page * length + length);
    const body = at('rows');
    body.replaceChildren(...part.map((index) => line(rows[index])));
    if (part.length === 0) {
      const none = body.insertRow().insertCell();
      none.colSpan = 9;
      none.className = 'soft';
      none.textContent = 'No account matches. Change the search or the filters.';
    }
    at('found').textContent = shown.length === rows.length ? number(rows.length) + (rows.length === 1 ? ' account' : ' accounts')
      : number(shown.length) + ' of ' + number(rows.length) + ' accounts match';
    at('page').textContent = part.length === 0 ? '' : number(page * length + 1) + ' to ' + number(page * length + part.length) + ' of ' + number(shown.length);
    at('first').disabled = at('previous').disabled = page === 0;
    at('next').disabled = at('last').disabled = page >= pages - 1;
  };

  const turn = (to) => { page = Math.max(0, to); draw(); };
  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(select, 120); };

  fill(state, STATE, (value) => data.states[value][1]);
  fill(reason, REASON, (value) => data.reasons[value]);
  urgent.closest('label').hidden = !rows.some((row) => row[URGENT]);
  search.addEventListener('input', soon);
  for (const control of [state, reason, urgent]) control.addEventListener('change', select);
  size.addEventListener('change', () => turn(0));
  const sortBy = (key) => {
    sort = { key, down: key !== '' && sort.key === key && !sort.down };
    for (const th of heads) th.ariaSort = th.dataset.sort !== key ? null : sort.down ? 'descending' : 'ascending';
    select();
  };
  for (const th of heads) th.querySelector('button').addEventListener('click', () => sortBy(th.dataset.sort));
  at('reset').addEventListener('click', () => {
    search.value = ''; state.value = ''; reason.value = ''; urgent.checked = false;
    sortBy('');
    search.focus();
  });
  at('first').addEventListener('click', () => turn(0));
  at('previous').addEventListener('click', () => turn(page - 1));
  at('next').addEventListener('click', () => turn(page + 1));
  at('last').addEventListener('click', () => turn(Infinity));
  let order = shown;
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    page = 0;
    order = shown;
    shown = shown.toSorted((a, b) => rows[b][URGENT] - rows[a][URGENT]);
    draw(MOST_PRINTED);
  });
  addEventListener('afterprint', () => {
    shown = order;
    draw();
  });
  at('browser').hidden = false;
  draw();
})();
`
