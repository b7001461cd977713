// One key for each thing a desk does. A key only presses what is on the page; it does nothing in a
// field, with another key held, or for somebody who turned them off. It does what the eye saw: where
// another button came in its place a moment ago it only goes there, and while the page is on its way
// to another one it does nothing.
const find = (which) => [...document.querySelectorAll(which)].filter((one) => one.checkVisibility());
const sheet = document.getElementById('toetsen');
const links = () => find('.rij-link');
const MOMENT = 1_500, LONGEST_WAIT = 10_000, ONCE = '123456789O', LAST = 'toets';

// What a key would press now. Candidate n by the number it is shown with.
const AIMS = {
  O: () => document.activeElement?.closest('.rij')?.querySelector('.rij-pak')
    || find('#casus form:is([action$="/oppakken/"], [action$="/overnemen/"]) button')[0],
  B: () => find('#casus .k-doen a[href^="tel:"].knop-hoofd, #bellen')[0],
  T: () => find('#casus a[href*="/aanbod/"][href$="/toewijzen/"]')[0],
  S: () => find('#casus a[href$="/wachten/"]')[0],
  Z: () => last(find('.gaat-uit button')),
};
for (const n of '123456789')
  AIMS[n] = () => [...document.querySelectorAll('#casus .nummer')].find((one) => one.textContent === n)
    ?.closest('tr').querySelector('button[id^="bied-"]');

const KEYS = {
  J: () => step(1),
  K: () => step(-1),
  N: () => focus(find('#notitie-tekst')[0]),
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

// --- not what came in its place a moment ago
const does = (one) => one && (one.getAttribute('formaction') || one.id || one.form?.getAttribute('action') || one.getAttribute('href'));
const aims = () => Object.entries(AIMS).map(([key, aim]) => [key, does(aim())]);
const changed = new Map();
let before = [];
document.addEventListener('htmx:before:swap', () => { before = aims(); });
document.addEventListener('htmx:after:swap', () => {
  for (const [key, was] of before) if (was && was !== does(AIMS[key]())) changed.set(key, Date.now());
  before = [];
});

function press(key) {
  const one = AIMS[key](), folded = one?.closest('details:not([open])');
  if (folded) folded.open = true;
  if (folded || Date.now() - changed.get(key) < MOMENT) return focus(one);
  if (one && !bounced(key)) one.click();
  return one;
}

// --- nor what the page after this one has there: a finger that bounced. And none on the way there.
function bounced(key) {
  const [was, at] = (sessionStorage.getItem(LAST) || '').split(' ');
  sessionStorage.setItem(LAST, `${key} ${Date.now()}`);
  return was === key && ONCE.includes(key) && Date.now() - at < MOMENT;
}

let left = -Infinity;
const leaves = (event) => { if (!event.defaultPrevented) left = Date.now(); };
addEventListener('submit', (event) => { if (event.target.method !== 'dialog') leaves(event); });
addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  const beside = event.ctrlKey || event.metaKey || event.shiftKey || link?.download || link?.target;
  if (link?.origin === location.origin && !beside && !link.getAttribute('href').startsWith('#')) leaves(event);
});
addEventListener('pageshow', () => { left = -Infinity; });

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || sheet?.open) return;
  if (sheet?.dataset.keys !== 'on' || event.target.closest('input, textarea, select, [contenteditable]')) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : '', act = KEYS[key];
  if (!(act || AIMS[key]) || (event.repeat && !'JK'.includes(key))) return;
  if (act) sessionStorage.removeItem(LAST);
  if (Date.now() - left < LONGEST_WAIT || (act || press)(key)) event.preventDefault();
});
document.addEventListener('click', (event) => {
  if (!sheet || !event.target.closest('#toetsen-alle')) return;
  event.preventDefault();
  sheet.showModal();
});
