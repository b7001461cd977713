// Who else is at a case now. A page says so while it is looked at, and shows what others say.
const AGAIN = 20_000, PAUSE = 2_000, TYPING = 8_000, CALLING = 180_000;
const here = () => document.querySelector('[data-present]')?.dataset.present;
const there = new Map();            // case → who
// A row has the last group of its case's id only: enough to tell those of one desk apart.
const end = (id) => id?.split('-').at(-1);
let typedAt = -Infinity, calledAt = -Infinity, saidAt = -Infinity, said = '';

function doing() {
  const now = performance.now();
  return now - typedAt < TYPING ? 'types' : now - calledAt < CALLING ? 'calls' : 'looks';
}

function say() {
  const about = here(), now = performance.now(), what = doing();
  if (!about || document.hidden || now - saidAt < (what === said ? AGAIN : PAUSE)) return;
  [saidAt, said] = [now, what];
  document.body.dispatchEvent(new CustomEvent('zc:say', { detail: { present: about, doing: what } }));
}

document.addEventListener('input', ({ target }) => {
  if (target.closest('[data-present]')) { typedAt = performance.now(); say(); }
});
document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-present] a[href^="tel:"]')) { calledAt = performance.now(); say(); }
});
document.addEventListener('visibilitychange', say);
setInterval(say, 1000);

document.body.addEventListener('zc:present', ({ detail }) => {
  if (detail.open) { there.clear(); saidAt = -Infinity; say(); }   // a new line: everything is told again
  else if (detail.who.length) there.set(end(detail.present), detail.who);
  else there.delete(end(detail.present));
  show();
});
document.addEventListener('htmx:after:swap', show);

function show() {
  for (const row of document.querySelectorAll('.rij[data-case]')) {
    const names = (there.get(row.dataset.case) || []).map(({ name }) => name).join(', ');
    let eye = row.querySelector('.rij-oog');
    if (names && !eye) eye = opened(row.querySelector('.rij-wie'));
    else if (!names) eye?.remove();
    if (!names || !eye || eye.title === names) continue;
    eye.title = names;
    eye.lastElementChild.textContent = names;
  }
  const line = document.getElementById('samen');
  if (!line?.lastElementChild) return;
  const words = (there.get(end(here())) || []).map(({ name, doing }) => (line.dataset[doing] || line.dataset.looks || '').replace('{name}', name)).join(' ');
  line.hidden = !words;
  if (line.lastElementChild.textContent !== words) line.lastElementChild.textContent = words;
}

// A row of a newer server may have no room for it.
function opened(who) {
  const eye = who && document.getElementById('oog')?.content.firstElementChild.cloneNode(true);
  if (eye) who.prepend(eye);
  return eye;
}
