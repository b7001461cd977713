// Small manners of every page; each works without.

// A click beside an open menu closes it, Escape too, and gives the focus back.
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open]'))
    if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A form is sent once, and one at a time: under a second press there may be another button by now. The
// server keeps a promise of its own (the idempotency key in the form). Where no page comes of it, as when
// somebody stops it, it can be sent again after a while.
const LONGEST_WAIT = 10_000;
let sent = 0;
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || form.matches('[hx-post], [hx-get]')) return;
  if (sent) return event.preventDefault();
  sent = setTimeout(stays, LONGEST_WAIT);
  form.ariaBusy = 'true';
});
function stays() {
  clearTimeout(sent);
  sent = 0;
  for (const form of document.querySelectorAll('form[aria-busy]')) form.ariaBusy = null;
}
addEventListener('pageshow', stays);

// What is typed in a form and not sent is not left without a question, as by another language.
const typed = (field) =>
  field.type === 'checkbox' || field.type === 'radio' ? field.checked !== field.defaultChecked
    : field.localName === 'select' ? field.value !== ([...field.options].find((o) => o.defaultSelected) || field.options[0])?.value
      : field.defaultValue !== undefined && field.type !== 'hidden' && field.value !== field.defaultValue;
let sending = false;
document.addEventListener('submit', (event) => { if (!event.defaultPrevented) sending = event.target.matches('form.form'); });
addEventListener('pageshow', () => { sending = false; });
addEventListener('beforeunload', (event) => {
  const form = document.querySelector('form.form');
  if (!form || sending || form.dataset.kept) return;       // or it is kept as a draft (form.js)
  if (!document.getElementById('fouten') && ![...form.elements].some(typed)) return;
  event.preventDefault();
  setTimeout(stays);               // for whoever says so when asked
});

// After a refused form: first what is wrong, with links to where.
document.getElementById('fouten')?.focus();
