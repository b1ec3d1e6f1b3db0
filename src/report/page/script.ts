/** The page's script: search, filters, sort and pages of the accounts' table. Text enters as `textContent` only. */
export const SCRIPT = String.raw`'use strict';
(() => {
  const ID = 0, EMAIL = 1, NAME = 2, LINE = 3, STATE = 4, REASON = 5, VERIFIED = 6, DETAIL = 7, HTTP = 8, SENT = 9, FINISHED = 10, CANARY = 11, URGENT = 12, ACTIVE = 13;
  const at = (id) => document.getElementById(id);
  if (at('data') === null) return;
  const { base, states, reasons, verified, rows } = JSON.parse(at('data').textContent);
  const [search, state, reason, urgent, size] = ['search', 'state', 'reason', 'urgent', 'size'].map(at);
  const number = (value) => value.toLocaleString('en-US');
  const element = (name, className, textContent) => Object.assign(document.createElement(name), { className, textContent });
  const MOST_PRINTED = 1000;

  let shown = rows, page = 0, sort = { key: '', down: false }, texts = null;

  const iso = (time) => new Date(time).toISOString();
  /* The day is told only where it is not the one on which the run began. */
  const finished = (row) => {
    if (row[FINISHED] < 0) return '';
    const [day, time] = iso(base + row[FINISHED]).split('T');
    return (iso(base).startsWith(day) ? '' : day + ' ') + time.slice(0, 8);
  };

  const heads = document.querySelectorAll('[data-sort]');
  const COLUMNS = { line: LINE, state: STATE, reason: REASON, verified: VERIFIED, detail: DETAIL, sent: SENT, finished: FINISHED, active: ACTIVE };
  /* A column in which no account has anything is left out. */
  const NOTHING = { [REASON]: 0, [VERIFIED]: 0, [DETAIL]: '', [SENT]: 0, [FINISHED]: -1, [ACTIVE]: '' };
  for (const th of heads) {
    const column = COLUMNS[th.dataset.sort];
    th.hidden = column in NOTHING && rows.every((row) => row[column] === NOTHING[column]);
  }

  const keyOf = (row) => {
    const key = sort.key === 'who' ? row[NAME] || row[EMAIL] || row[ID] : row[COLUMNS[sort.key]];
    return sort.key === 'reason' ? reasons[key] : typeof key === 'string' ? key.toLowerCase() : key;
  };

  const fill = (select, column, words) => {
    for (const [value, { length }] of [...Map.groupBy(rows, (row) => row[column])].sort(([a], [b]) => a - b)) {
      if (words(value) === '') continue;
      const option = element('option', '', words(value) + ' (' + number(length) + ')');
      option.value = String(value);
      select.append(option);
    }
    select.closest('label').hidden = select.options.length < 2;
  };

  const select = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
    if (words.length > 0) texts ??= new Map(rows.map((row) => [row, [row[ID], row[EMAIL], row[NAME], row[DETAIL]].join('\n').toLowerCase()]));
    const is = (choice, value) => choice.value === '' || choice.value === String(value);
    shown = rows.filter((row) => is(state, row[STATE]) && is(reason, row[REASON]) && (!urgent.checked || row[URGENT] === 1)
      && words.every((word) => texts.get(row).includes(word)));
    if (sort.key !== '') {
      const keys = new Map(shown.map((row) => [row, keyOf(row)]));
      const sign = sort.down ? -1 : 1;
      shown.sort((a, b) => keys.get(a) < keys.get(b) ? -sign : keys.get(a) > keys.get(b) ? sign : 0);
    }
    turn(0);
  };

  const line = (row) => {
    const tr = element('tr', '', '');
    const names = [row[NAME], row[EMAIL]].filter((part) => part !== '');
    const who = element('td', 'who', '');
    if (row[CANARY]) who.append(element('span', 'badge', 'canary'), ' ');
    for (const [index, name] of names.entries()) who.append(element('span', index ? 'soft' : '', name), ' ');
    who.append(element('code', names.length ? 'soft' : '', row[ID]), ' ');
    who.title = [...names, row[ID]].join('\n');
    const status = element('td', 'state', '');
    status.append(element('span', 'dot ' + states[row[STATE]][0], ''), states[row[STATE]][1]);
    const sent = row[SENT] === 0 ? '–' : number(row[SENT]) + (row[HTTP] ? ' · ' + row[HTTP] : '');
    tr.append(who, status, element('td', 'n wide', number(row[LINE])), element('td', '', reasons[row[REASON]] || '–'),
      element('td', 'short', verified[row[VERIFIED]]), element('td', 'detail', row[DETAIL]), element('td', 'n', sent),
      element('td', 'short', finished(row)), element('td', 'short', row[ACTIVE].slice(0, 10) || '–'));
    for (const [index, cell] of [...tr.cells].entries()) cell.hidden = heads[index].hidden;
    return tr;
  };

  const draw = (length = Number(size.value)) => {
    const pages = Math.max(1, Math.ceil(shown.length / length));
    page = Math.min(page, pages - 1);
    const [from, part] = [page * length, shown.slice(page * length, page * length + length)];
    at('rows').replaceChildren(...part.map(line));
    const none = { colSpan: 9, className: 'soft', textContent: 'No account matches. Change the search or the filters.' };
    if (part.length === 0) Object.assign(at('rows').insertRow().insertCell(), none);
    const all = number(rows.length);
    at('found').textContent = shown.length < rows.length ? number(shown.length) + ' of ' + all + ' accounts match' : all + (rows.length === 1 ? ' account' : ' accounts');
    at('page').textContent = part.length === 0 ? '' : number(from + 1) + ' to ' + number(from + part.length) + ' of ' + number(shown.length);
    at('first').disabled = at('previous').disabled = page === 0;
    at('next').disabled = at('last').disabled = page >= pages - 1;
  };

  const turn = (to) => { page = Math.max(0, to); draw(); };
  const sortBy = (key) => {
    sort = { key, down: key !== '' && sort.key === key && !sort.down };
    for (const th of heads) th.ariaSort = th.dataset.sort !== key ? null : sort.down ? 'descending' : 'ascending';
    select();
  };
  let timer = 0;
  search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(select, 120); });
  for (const control of [state, reason, urgent]) control.addEventListener('change', select);
  size.addEventListener('change', () => turn(0));
  for (const th of heads) th.querySelector('button').addEventListener('click', () => sortBy(th.dataset.sort));
  at('reset').addEventListener('click', () => {
    search.value = state.value = reason.value = '';
    urgent.checked = false;
    sortBy('');
    search.focus();
  });
  for (const [id, step] of Object.entries({ first: -Infinity, previous: -1, next: 1, last: Infinity }))
    at(id).addEventListener('click', () => turn(page + step));
  let order = shown;
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    page = 0;
    order = shown;
    shown = shown.toSorted((a, b) => b[URGENT] - a[URGENT]);
    draw(MOST_PRINTED);
  });
  addEventListener('afterprint', () => { shown = order; draw(); });

  fill(state, STATE, (value) => states[value][1]);
  fill(reason, REASON, (value) => reasons[value]);
  urgent.closest('label').hidden = !rows.some((row) => row[URGENT]);
  at('browser').hidden = false;
  draw();
})();
`
