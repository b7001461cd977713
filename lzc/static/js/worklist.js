// The work list: its rows never move while the pointer or the focus is among them. What they say is
// brought up to date; another order waits, and a button says what waits.
const list = () => document.getElementById('werk');
const rows = (section) => [...section.querySelectorAll('.rij')];
const hovers = matchMedia('(hover: hover)');
const busy = () => list()?.matches(`:focus-within${hovers.matches ? ', :hover' : ''}`);
let held = false, asked = false;

document.addEventListener('htmx:before:swap', ({ detail }) => {
  const task = detail.tasks.find(({ target }) => target.id === 'werk');
  const fresh = task?.fragment.querySelector('#werk');
  if (!fresh) return;
  const change = compared(task.target, fresh);
  held = !asked && change.any && busy() && hold(task.target, fresh, change);
  asked = false;
});
document.addEventListener('htmx:after:swap', title);

// Which rows are new, gone, or stand elsewhere: those outside the longest run that kept its order.
function compared(old, fresh) {
  const was = new Map(rows(old).map((row, place) => [row.id, { place, group: row.parentElement.id }]));
  const now = rows(fresh), both = now.filter((row) => was.has(row.id));
  const stayed = both.filter((row) => was.get(row.id).group === row.parentElement.id);
  const run = longest(stayed.map((row) => was.get(row.id).place));
  const change = { new: now.length - both.length, moved: both.length - run, gone: was.size - both.length };
  return { ...change, any: change.new + change.moved + change.gone > 0 };
}

function longest(places) {          // the length of the longest rising run, by patience sorting
  const piles = [];
  for (const place of places) {
    const at = piles.findIndex((top) => top >= place);
    piles[at < 0 ? piles.length : at] = place;
  }
  return piles.length;
}

// Into the frame that stands there now, each row as it is now; what is gone stays, greyed, until then.
// A frame that this page does not know, of a newer server, is shown as it is.
function hold(old, fresh, change) {
  const foot = fresh.querySelector('#werk-voet'), pill = fresh.querySelector('#werk-nieuw');
  if (!foot || !pill) return false;
  const parts = ':scope > :is(.werk-groep, ul, .leeg)', now = new Map(rows(fresh).map((row) => [row.id, row]));
  for (const part of fresh.querySelectorAll(parts)) part.remove();
  for (const part of old.querySelectorAll(parts)) {
    const copy = part.cloneNode(true);
    for (const row of rows(copy)) {
      if (now.has(row.id)) row.replaceWith(now.get(row.id));
      else row.classList.add('is-weg');
    }
    foot.before(copy);
  }
  const told = ['new', 'moved', 'gone'].filter((kind) => change[kind]);
  pill.textContent = `${told.map((kind) => pill.dataset[kind].replace('{n}', change[kind])).join(', ')} – ${pill.dataset.do}`;
  pill.hidden = false;
  return true;
}

const fetchAnew = () => document.body.dispatchEvent(new CustomEvent('zc:werk'));
const released = () => setTimeout(() => { if (held && !busy()) { held = false; fetchAnew(); } });
document.addEventListener('pointerout', released);
document.addEventListener('focusout', released);
document.addEventListener('visibilitychange', released);
document.addEventListener('click', ({ target }) => {
  if (target.closest('#werk-nieuw')) { asked = true; fetchAnew(); }
});
document.body.addEventListener('zc:refresh', () => { asked = held; });

// "(3) Werklijst": how many nobody picked up yet.
function title() {
  const waiting = Number(list()?.dataset.waiting);
  const bare = document.title.replace(/^\(\d+\) /, '');
  document.title = waiting ? `(${waiting}) ${bare}` : bare;
}
