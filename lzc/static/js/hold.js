// What is under somebody's hands is not replaced. A form in which something was typed stays as it
// is while the rest of its section is refreshed; when it would vanish, the section waits.
const fields = 'input:not([type=hidden]), textarea';
const typed = (field) => field.value !== field.defaultValue;
const SKIP = 'hx-morph-skip';

document.addEventListener('input', ({ target }) => {
  const form = target.form;
  if (form?.closest('[hx-get]')) form.toggleAttribute(SKIP, [...form.querySelectorAll(fields)].some(typed));
});
for (const over of ['submit', 'reset'])
  document.addEventListener(over, ({ target }) => target.removeAttribute(SKIP), true);  // also what is put in line

// A form is known by its fields: those have an id, and it is the same every time.
const vanishes = (form, fragment) =>
  [...form.querySelectorAll(fields)].some((field) => field.id && typed(field) && !fragment.querySelector(`#${CSS.escape(field.id)}`));

document.addEventListener('htmx:before:swap', (event) => {
  for (const { target, fragment } of event.detail.tasks) {
    const forms = [...target.querySelectorAll(`form[${SKIP}]`)].filter((form) => vanishes(form, fragment));
    if (!forms.length) continue;
    event.preventDefault();
    offer(target, forms);
  }
});

// "Bijgewerkt – vernieuwen": what was typed there goes only when its writer says so.
function offer(section, forms) {
  if (section.querySelector('.vers-pil')) return;
  const pill = document.createElement('button');
  pill.type = 'button';
  pill.className = 'knop vers-pil';
  pill.textContent = document.documentElement.dataset.tHeld;
  pill.addEventListener('click', () => {
    for (const form of forms) { form.reset(); form.removeAttribute(SKIP); }
    pill.remove();
    section.focus({ preventScroll: true });
    document.body.dispatchEvent(new CustomEvent('zc:refresh'));
  });
  forms[0].before(pill);
}

// The focus stays on what it was on. Where that is gone, or does something else by now, it waits at
// the section, and the next key goes on from there. Nor is a place offered to that slid under a
// pointer which stayed where it was (but for the tremble of a hand).
const MOMENT = 700, TREMBLE = 10, OFFERS = 'button[id^="bied-"]', ACTS = 'button, a[href]';
const does = (one) => one && (one.getAttribute('formaction') || one.id || one.form?.getAttribute('action') || one.getAttribute('href'));
const beneath = () => pointer && does(document.elementFromPoint(...pointer)?.closest(ACTS));
let pointer = null, under = null, slid = -Infinity, stayed = null, had = null;

document.addEventListener('pointermove', ({ pointerType, clientX, clientY }) => {
  pointer = pointerType === 'touch' ? null : [clientX, clientY];
  if (stayed && Math.hypot(clientX - stayed[0], clientY - stayed[1]) > TREMBLE) slid = -Infinity;
});
document.addEventListener('htmx:before:swap', ({ detail }) => {
  const focus = document.activeElement, section = detail.tasks.find(({ target }) => target !== focus && target.contains(focus))?.target;
  had = section && { focus, section, did: focus.matches(ACTS) && does(focus) };
  under = beneath();
});
document.addEventListener('htmx:after:swap', () => {
  if (beneath() !== under) [slid, stayed] = [Date.now(), pointer];
  if (had) goesOn(had);
  had = null;
});

function goesOn({ focus, section, did }) {
  if (document.activeElement === focus && (!did || does(focus) === did)) return;
  const same = did ? [...section.querySelectorAll(ACTS)].find((one) => does(one) === did) : document.getElementById(focus.id);
  if (!same && section.tabIndex < 0) section.tabIndex = -1;
  (same || section).focus({ preventScroll: true });
}

document.addEventListener('click', (event) => {
  if (!event.detail || Date.now() - slid > MOMENT || !event.target.closest(OFFERS)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
