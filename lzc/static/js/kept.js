// What was typed before a session ended waits in this tab, sealed: only LZC opens it, for nobody but
// who typed it (over.js). The log-in takes along what fits; what it took waits in the session, and
// goes from the tab when that is shown.
const SHELF = 'kept', MOST = 200_000, END = 16;
const login = document.getElementById('login'), shown = document.querySelector('[data-taken]');
const waits = (sessionStorage.getItem(SHELF) || '').split(' ').filter(Boolean);

if (login && waits.length) {
  const field = login.elements.kept || Object.assign(document.createElement('input'), { type: 'hidden', name: 'kept' });
  let room = MOST - field.value.length;
  const along = waits.toReversed().filter((one) => !field.value.includes(one) && (room -= one.length + 1) >= 0);
  field.value = [field.value, ...along].join(' ').trim();
  login.append(field);
  document.getElementById('bewaard').hidden = false;
}
if (shown) {
  const taken = new Set(shown.dataset.taken.split(' '));
  sessionStorage.setItem(SHELF, waits.filter((one) => !taken.has(one.slice(-END))).join(' '));
}
