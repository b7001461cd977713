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
    document.body.dispatchEvent(new CustomEvent('zc:refresh'));
  });
  forms[0].before(pill);
}

// Logged out, or another role by now: what this one may see goes from the screen. What was typed
// goes along: sent without a log-in it is done by nobody, and kept behind the page that asks for one.
let leaving = false;
document.body.addEventListener('zc:over', async () => {
  if (leaving) return;
  leaving = true;
  const forms = [...document.forms].filter((form) => form.elements.as && [...form.querySelectorAll(fields)].some(typed));
  const form = forms.find((one) => one.contains(document.activeElement)) || forms[0];
  if (!form || !(await refused(form.elements.as.value))) return location.reload();
  form.noValidate = true;
  form.requestSubmit();
});

// Only what is surely not done: nobody is logged in, or what is here now is of another role.
async function refused(role) {
  const page = await fetch(location.href, { redirect: 'manual' }).catch(() => null);
  if (!page) return false;
  return page.type === 'opaqueredirect' || ([200, 403, 404].includes(page.status) && !(await page.text()).includes(role));
}
