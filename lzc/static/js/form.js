// The form of the huisarts: what is typed is kept on the server as it is typed. Nothing stays on this
// machine. Without script there is a button that does the same.
const form = document.querySelector('form[data-concept]');
const said = document.getElementById('concept'), wrong = document.getElementById('concept-fout');
const REST = 700, AGAIN = 5000;
let timer = 0, dirty = false, sending = false, busy = null;

document.documentElement.classList.add('met-js');

// --- the draft: one save at a time, always of everything, so that the last word wins
function changed() {
  if (sending) return;
  dirty = true;
  delete form.dataset.kept;          // page.js asks before this is left
  clearTimeout(timer);
  timer = setTimeout(keep, REST);
}

async function keep() {
  clearTimeout(timer);
  if (busy || !dirty || sending) return;
  dirty = false;
  busy = new AbortController();
  const wait = await save(busy.signal).then(well, lost);
  busy = null;
  if (sending) return;
  if (!dirty) form.dataset.kept = 'yes';
  else if (wait) timer = setTimeout(keep, wait);
}

async function save(signal) {
  const answer = await fetch(form.dataset.concept, {
    method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'text/plain' },
    redirect: 'error', keepalive: true, signal,
  });
  if (!answer.ok) throw answer;
  return answer.text();
}

function well(word) {
  said.textContent = word;
  wrong.textContent = '';
  document.getElementById('concept-wis').classList.remove('is-later');
  return REST;
}

// What the server refuses is not asked again by itself; what did not arrive is.
function lost({ status }) {
  dirty = true;
  if (sending) return 0;
  const out = [401, 403, 409].includes(status);
  wrong.textContent = out ? form.dataset.tOut : form.dataset.tLost;
  return status >= 400 && status < 500 ? 0 : AGAIN;
}

form.addEventListener('input', changed);
form.addEventListener('change', changed);
form.addEventListener('submit', () => { sending = true; clearTimeout(timer); busy?.abort(); });
addEventListener('pageshow', () => { sending = false; });
addEventListener('visibilitychange', () => { if (document.hidden) keep(); });
addEventListener('beforeunload', keep);
form.dataset.kept = 'yes';

// --- a press instead of typing: a frequent reason, or the kind of stay that the aid proposes
form.addEventListener('click', ({ target }) => {
  const press = target.closest('[data-zin], [data-kies]');
  if (!press) return;
  if (press.dataset.kies) return form.querySelector(`[name="care_type"][value="${press.dataset.kies}"]`)?.click();
  const need = document.getElementById('id_need'), text = press.dataset.zin;
  need.value = [need.value.trim(), text].filter(Boolean).join(' ').concat(text.endsWith('.') ? '' : '.');
  need.dispatchEvent(new Event('input', { bubbles: true }));
  need.focus();
});
