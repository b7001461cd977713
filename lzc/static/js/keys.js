// One key for each thing a desk does. A key only presses what is on the page; it does nothing in a
// field, with another key held, or for somebody who turned them off.
const find = (which) => [...document.querySelectorAll(which)].filter((one) => one.checkVisibility());
const press = (one) => { one?.click(); return one; };
const sheet = document.getElementById('toetsen');
const links = () => find('.rij-link');

const KEYS = {
  J: () => step(1),
  K: () => step(-1),
  O: () => press(document.activeElement.closest('.rij')?.querySelector('.rij-pak')
    || find('#casus form:is([action$="/oppakken/"], [action$="/overnemen/"]) button')[0]),
  B: () => press(find('#casus .k-doen a[href^="tel:"].knop-hoofd, #bellen')[0]),
  N: () => focus(find('#notitie-tekst')[0]),
  T: () => press(find('#casus a[href*="/aanbod/"][href$="/toewijzen/"]')[0]),
  S: () => press(find('#casus a[href$="/wachten/"]')[0]),
  Z: () => press(last(find('.gaat-uit button'))),
  R: () => document.body.dispatchEvent(new CustomEvent('zc:refresh')),
  '/': () => focus(find('#zoek')[0]),
  '?': () => { sheet?.showModal(); return sheet; },
};

function step(by) {
  const all = links(), here = all.findIndex((link) => link.closest('.rij').contains(document.activeElement));
  const open = all.findIndex((link) => link.ariaCurrent);
  const next = here >= 0 ? here + by : open >= 0 ? open + by : 0;
  return focus(all[Math.max(0, Math.min(all.length - 1, next))]);
}

function focus(one) {
  one?.focus();
  one?.scrollIntoView({ block: 'nearest' });
  return one;
}

// Of several that count down: the one that was sent last.
const last = (buttons) => buttons.sort((a, b) => until(a) - until(b)).at(-1);
const until = (button) => Date.parse(button.closest('.gaat-uit').querySelector('time')?.dateTime);

// Candidate n by the number it is shown with. One that is folded away is shown first.
function candidate(n) {
  const number = [...document.querySelectorAll('#casus .nummer')].find((one) => one.textContent === n);
  const button = number?.closest('tr')?.querySelector('button[id^="bied-"]');
  const folded = button?.closest('details:not([open])');
  if (folded) { folded.open = true; return focus(button); }
  return press(button);
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || sheet?.open) return;
  if (sheet?.dataset.keys !== 'on' || event.target.closest('input, textarea, select, [contenteditable]')) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : '';
  const act = /^[1-9]$/.test(key) ? () => candidate(key) : KEYS[key];
  if (!act || (event.repeat && !'JK'.includes(key))) return;
  if (act()) event.preventDefault();
});
document.addEventListener('click', (event) => {
  if (!sheet || !event.target.closest('#toetsen-alle')) return;
  event.preventDefault();
  sheet.showModal();
});
