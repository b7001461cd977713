// What was typed before a session ended waits in this tab, sealed: only LZC opens it, for nobody but
// who typed it (over.js). The log-in takes along what fits; what it took waits in the session, and
// goes from the tab when that is shown.
const SHELF = /^kept /, MOST = 200_000, END = 16;
const login = document.getElementById('login'), shown = document.querySelector('[data-taken]');
const shelves = Object.keys(sessionStorage).filter((name) => SHELF.test(name));
const on = (shelf) => sessionStorage.getItem(shelf).split(' ');

if (login && shelves.length) {
  const field = login.elements.kept || Object.assign(document.createElement('input'), { type: 'hidden', name: 'kept' });
  let room = MOST - field.value.length;
  const waits = shelves.flatMap((shelf) => on(shelf).reverse()).filter((one) => !field.value.includes(one));
  field.value = [field.value, ...waits.filter((one) => (room -= one.length + 1) >= 0)].join(' ').trim();
  login.append(field);
  document.getElementById('bewaard').hidden = false;
}
if (shown) {
  const taken = new Set(shown.dataset.taken.split(' '));
  for (const shelf of shelves) {
    const left = on(shelf).filter((one) => !taken.has(one.slice(-END)));
    if (left.length) sessionStorage.setItem(shelf, left.join(' '));
    else sessionStorage.removeItem(shelf);
  }
}
