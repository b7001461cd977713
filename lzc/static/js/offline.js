// The queue of a phone with bad reception. A form with data-wacht is not posted but put in line: what
// was pressed goes out in order, each press once (by a key of its own), and what was refused is said.
// Until then the page says what others still see. Without this module the same forms post plainly.
//   data-naam   what it is called in the queue: never a word about a patient
//   data-wacht  the id of the line that says it was not sent yet
//   data-erbij  it may be in line more than once; of + and − how much it adds to the figure, the
//               <output data-vrij> that data-voor names
//   data-houdbaar  after so many minutes in line it may no longer be true, and is not sent
//   data-beurt  one of the steps of a visit: the next one is there as soon as this one is in line
// What was typed may be about a patient: it stays in the memory of this page, and leaving that is asked
// first. All else outlives a reload, in sessionStorage.
const KEPT = 'wachtrij', PATIENCE = 15_000, A_WHILE = 1_500, LONGEST_WAIT = 30_000;
const [box, now, list, good, refusals] =
  ['wachtrij', 'wachtrij-nu', 'wachtrij-lijst', 'wachtrij-klaar', 'geweigerd'].map((id) => document.getElementById(id));
const words = box.dataset, token = box.querySelector('[name=csrfmiddlewaretoken]');
let items = JSON.parse(sessionStorage.getItem(KEPT) || '[]'), landed = [];   // sent, and not on this page yet
let down = !navigator.onLine, late = false, sending = false, ended = false, leaving = false, failures = 0, again = 0;
const all = (which) => [...document.querySelectorAll(which)];
const made = (tag, more) => Object.assign(document.createElement(tag), more);
const ours = () => items.filter((item) => item.as === words.as);
const waits = (form) => [...landed, ...ours()].some((item) => item.url === form.getAttribute('action'));
const content = ({ fields }) => fields.filter(([name]) => name !== 'key' && name !== 'as');

// --- in line
function keep() {           // up to the first that was typed: what follows does not go out without it
  const typed = items.findIndex((item) => item.typed);
  sessionStorage.setItem(KEPT, JSON.stringify(typed < 0 ? items : items.slice(0, typed)));
}

function take(form, button) {
  const { naam, wacht, erbij, voor, houdbaar } = form.dataset;
  if (!erbij && waits(form)) return;
  const fields = [...new FormData(form)].filter(([name]) => name !== token.name);
  if (button?.name) fields.push([button.name, button.value]);
  const name = button?.name ? `${naam}: ${(button.querySelector('span')?.firstChild || button).textContent}` : naam;
  const typed = Boolean(form.querySelector('textarea'));
  items.push({ url: form.getAttribute('action'), as: words.as, at: Date.now(), fields, name, typed, line: wacht, adds: Number(erbij) || 0, to: voor, keeps: Number(houdbaar) || 0 });
  if (form.elements.key) form.elements.key.value = crypto.getRandomValues(new Uint32Array(4)).join('-');
  keep();
  show();
  if (form.hidden) document.getElementById(wacht)?.focus();
  setTimeout(show, A_WHILE);
  drain();
}

// --- sent, one after the other
const isOld = ({ at, keeps }) => keeps > 0 && Date.now() - at > keeps * 60_000;

async function send({ url, fields, ended }) {
  const body = new URLSearchParams([...fields, [token.name, token.value]]), signal = AbortSignal.timeout(PATIENCE);
  const asked = { method: 'POST', body, signal, headers: { Accept: 'application/json' }, redirect: 'manual' };
  const answer = await fetch(url, asked).catch(() => null);
  if (!answer || answer.status >= 500 || answer.status === 429) return null;
  if (answer.headers.get('Content-Type')?.startsWith('application/json')) return answer.json().then(understood, () => null);
  return ended ? { refused: true, said: [words.tStays] } : { ended: true };   // never twice for one press
}

// What says nothing in words is no answer of ours: it is asked again.
const understood = (told) => (Array.isArray(told?.said) ? told : null);

async function drain() {
  clearTimeout(again);
  if (sending) return;
  sending = true;
  let sent = 0, answer = null;
  for (let item; (item = ours()[0]); sent++) {
    answer = isOld(item) ? { refused: true, said: [words.tOld] } : await send(item);
    if (answer?.ended) return over(item);
    if (!answer) break;
    items.splice(items.indexOf(item), 1);
    keep();
    tell(item, answer);
  }
  if (sent) failures = 0;
  sending = false;
  down = ours().length > 0 || !navigator.onLine;
  if (ours().length) again = setTimeout(drain, Math.min(LONGEST_WAIT, 2_000 * 2 ** failures++));
  const last = answer && !answer.refused && (answer.said.at(-1) || (late && words.tDone));
  [good.hidden, good.lastElementChild.textContent] = [!last, last || ''];
  show();
  if (sent && !down) document.body.dispatchEvent(new CustomEvent('zc:sent'));
}

// Nobody is logged in here any more, or somebody else. What was typed stays in line until over.js has
// it kept behind the log-in; a tap waits for a reload.
function over(item) {
  item.ended = ended = true;
  keep();
  document.body.dispatchEvent(new CustomEvent('zc:over', { detail: { sure: true } }));
}
document.body.addEventListener('zc:typed', ({ detail }) => {
  for (const { url, fields } of ours().filter((item) => item.typed)) detail.push({ url, fields: [...fields, [token.name, token.value]] });
});
document.body.addEventListener('zc:kept', () => {
  leaving = true;
  items = items.filter((item) => !(item.typed && item.as === words.as));
  keep();
});
document.body.addEventListener('zc:back', () => {
  if (!ended) return;
  ended = sending = false;
  drain();
});

// --- what the page says
function tell(item, { refused, said }) {
  if (!refused) return landed.push(item);
  const line = made('li'), typed = [words.tTyped, ...content(item).map(([, value]) => value)].join(' ');
  line.append(made('b', { textContent: item.name }), ` ${said.join(' ')}`);
  if (item.typed) line.append(made('p', { className: 'getypt-tekst', textContent: typed }));
  refusals.querySelector('ul').append(line);
  refusals.hidden = false;
}

function show() {
  const waiting = ours(), n = waiting.length;
  late = down || (n > 0 && Date.now() - waiting[0].at >= A_WHILE);
  now.querySelector('b').textContent = down ? words.tLost : words.tBusy;
  now.querySelector('span span').textContent = n > 1 ? words.tMore.replace('{n}', n) : n ? words.tOne : words.tNone;
  list.replaceChildren(...waiting.map(({ name }) => made('li', { textContent: name })));
  [now.hidden, list.hidden] = [!late, !late || n === 0];
  for (const figure of all('output[data-vrij]')) {
    const free = [...landed, ...waiting].reduce((sum, { to, adds }) => (to === figure.id ? sum + adds : sum), Number(figure.dataset.vrij));
    figure.textContent = free;
    figure.classList.toggle('is-nul', free <= 0);
    const fewer = document.getElementById(figure.dataset.min);
    if (fewer) fewer.disabled = free <= 0;
  }
  for (const line of all('.wacht')) line.hidden = !(late && waiting.some((item) => item.line === line.id));
  for (const line of all('.zonder')) line.hidden = !down;
  for (const button of all('form[data-wacht]:not([data-erbij]) button')) button.disabled = late && waits(button.form);
  const steps = all('form[data-beurt]'), turn = steps.find((form) => !waits(form));
  for (const form of steps) [form.hidden, form.parentElement.ariaCurrent] = [form !== turn, form === turn ? 'step' : null];
}

// --- without a connection nothing leads away from this page
function stays(event) {
  event.preventDefault();
  event.stopPropagation();
  now.querySelector('span span').textContent = words.tStays;
  now.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('submit', (event) => {
  if (event.target.dataset.wacht === undefined) return down && stays(event);
  event.preventDefault();
  event.stopPropagation();
  take(event.target, event.submitter);
}, true);
document.addEventListener('click', (event) => {
  const link = down && event.target.closest('a[href]')?.getAttribute('href');
  if (link && !/^(tel:|#)/.test(link)) stays(event);
}, true);
addEventListener('beforeunload', (event) => {
  const typing = all('form[data-wacht] textarea').some((field) => field.value !== field.defaultValue);
  if (!leaving && (typing || items.some(({ typed }) => typed))) event.preventDefault();
});
refusals.querySelector('button').addEventListener('click', () => { refusals.hidden = refusals.querySelector('ul').replaceChildren() ?? true; });
document.addEventListener('htmx:after:swap', () => { landed = []; show(); });
document.addEventListener('visibilitychange', drain);
addEventListener('offline', () => { down = true; show(); });
addEventListener('online', drain);
drain();
