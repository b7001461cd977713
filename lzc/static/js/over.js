// The session is over, or another role was chosen elsewhere: what this one may see goes from the
// screen. What was typed is kept first: the server seals it for who typed it, behind the log-in
// (lzc/web/kept.py). Until it says that it did, the text stays in this page, which tells so, shows
// nothing else, and asks again.
const KEEP = 'application/vnd.lzc.kept+json', SHELF = 'kept', AGAIN = 3000, LONGEST_WAIT = 30_000, PATIENCE = 15_000;
const fields = 'input:not([type=hidden]), textarea', ITS_OWN = new Set(['csrfmiddlewaretoken', 'key', 'as']);
const words = document.documentElement.dataset, content = document.getElementById('inhoud');
let texts = null, sure = false, going = false, gone = false, failures = 0, again = 0, notice = null, focused = null;

const made = (tag, more) => Object.assign(document.createElement(tag), more);
const typed = (field) => field.value !== field.defaultValue;
// What came back refused stands in its form as if the server had written it, and so does what was kept.
const written = (form) => form.elements.as && (form.dataset.bewaard !== undefined
  || [...form.querySelectorAll(fields)].some(typed) || (form.matches('form.form') && document.getElementById('fouten')));

// The form under somebody's hands goes first, or what waits in line (offline.js) and was sent already.
function collected() {
  focused = document.activeElement;
  const line = [], forms = [...document.forms].filter(written).sort((a, b) => b.contains(focused) - a.contains(focused));
  document.body.dispatchEvent(new CustomEvent('zc:typed', { detail: line }));
  const waits = new Set(line.flatMap(({ fields }) => fields.map(([, value]) => value)));
  const half = forms.map((form) => ({ url: form.getAttribute('action') || '', fields: [...new FormData(form)] }))
    .filter(({ fields }) => fields.some(([name, value]) => !ITS_OWN.has(name) && !waits.has(value)));
  return sure ? [...line, ...half] : [...half, ...line];
}

const role = () => texts[0].fields.find(([name]) => name === 'as')[1];
const asks = (url, more) => fetch(url, { ...more, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });

// Half a text is sent only where it is surely not done: nobody is logged in, or somebody in another role.
async function standing() {
  const answer = await asks(words.role, { headers: { Accept: KEEP } });
  if (answer.type === 'opaqueredirect') return 'out';
  if (answer.headers.get('Content-Type') !== KEEP) throw answer;
  return (await answer.json()).as === role() ? 'here' : 'other';
}

async function keep([first, ...more]) {
  const beside = more.flatMap((one) => one.fields.filter(([name]) => !ITS_OWN.has(name)).map(([, value]) => ['also', value]));
  const answer = await asks(first.url, { method: 'POST', body: new URLSearchParams([...first.fields, ...beside]), headers: { Accept: KEEP } });
  if (answer.status >= 500 || answer.status === 429) throw answer;
  if (answer.headers.get('Content-Type') !== KEEP) return null;
  const { kept, to } = await answer.json();
  // Nobody can read it, and kept.js hands it in where its writer logs in.
  const before = sessionStorage.getItem(SHELF);
  if (kept) sessionStorage.setItem(SHELF, before ? `${before} ${kept}` : kept);
  return to;
}

async function go() {
  clearTimeout(again);
  if (going || gone) return;
  going = true;
  texts ??= collected();
  content.inert = true;                     // nothing more is typed that would not go along
  try {
    const how = sure ? 'sent' : texts.length ? await standing() : '';
    const to = how === 'here' ? null : how && await keep(texts);
    if (to !== null) leave(to);
    else if (how === 'out' || how === 'other') wait();
    else stay();
  } catch {
    wait();
  }
  going = false;
}

function leave(to) {
  gone = true;
  for (const form of document.forms) form.dataset.kept = 'yes';     // page.js need not ask
  document.body.dispatchEvent(new CustomEvent('zc:kept'));
  if (to) location.replace(to);
  else location.reload();
}

// Somebody logged in again meanwhile, as who this page is of: it goes on where it was.
function stay() {
  [texts, sure, failures] = [null, false, 0];
  notice?.remove();
  notice = null;
  content.hidden = content.inert = false;
  focused?.focus();
  document.body.dispatchEvent(new CustomEvent('zc:back'));
}

function wait() {
  again = setTimeout(go, Math.min(LONGEST_WAIT, AGAIN * 2 ** Math.min(failures++, 8)));
  if (notice) return;
  notice = made('main', { className: 'onbewaard' });
  const word = made('p', { role: 'alert' }), button = made('button', { type: 'button', className: 'knop knop-hoofd knop-groot', textContent: words.tAgain });
  button.addEventListener('click', go);
  notice.append(made('h1', { textContent: words.tUnkeptHead }), word, button);
  content.hidden = true;
  content.before(notice);
  word.textContent = words.tUnkept;         // a change to what is there already is read out
  button.focus();
}

document.body.addEventListener('zc:over', ({ detail }) => {
  sure ||= Boolean(detail?.sure);         // it was sent, and not taken: that needs no second look
  go();
});
addEventListener('online', () => { if (notice) go(); });
addEventListener('beforeunload', (event) => { if (notice && !gone) event.preventDefault(); });
