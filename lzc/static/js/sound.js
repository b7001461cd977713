// Three events make a sound, and no other: an urgent request that nobody picked up, a deadline that
// passed, a line that is silent. Off until it was tested when the shift began. What sounds is written
// on the page too, and comes back every two minutes until somebody says that they saw it, on whatever
// page of theirs they are by then: what was told and what may still ring goes along.
const NOTES = {                                   // Hz, each for so many seconds
  spoed: [[880, .12], [0, .06], [880, .12], [0, .06], [880, .12]],
  late: [[660, .2], [440, .3]],
  live: [[220, .6]],
};
const UNTAKEN = 120_000, AGAIN = 120_000, LOOK = 1000;
const box = document.getElementById('geluid');
// What is on the work list, and what a page that does not show it fetched instead.
const SHOWN = '#werk [data-deadline]:not([data-unit]), #klokken [data-ends]', KEPT = 'zc-geluid', LONG = 3600_000;
const kept = JSON.parse(sessionStorage.getItem(KEPT) || '{}');
const ahead = new Map(kept.ahead), seen = new Set(kept.seen), rung = new Map(kept.rung);
let context = null;

async function awake() {
  context ||= new AudioContext();
  // A browser that blocks sound leaves this promise open until somebody clicks.
  if (context.state !== 'running') await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
  return context.state === 'running';
}

function play(kind, at) {
  for (const [pitch, length] of NOTES[kind]) {
    if (pitch) {
      const tone = context.createOscillator(), volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(.2, at);
      volume.gain.linearRampToValueAtTime(0, at + length);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + length);
    }
    at += length;
  }
  return at;
}

// --- the test, as a step of starting a shift
const test = document.getElementById('geluid-test');
if (test) {
  document.getElementById('geluid-proef').hidden = false;
  sessionStorage.removeItem(KEPT);
  test.addEventListener('click', async () => {
    const heard = await awake();
    document.getElementById('geluid-stil').hidden = heard;
    let at = heard ? context.currentTime : 0;
    if (heard) for (const kind of Object.keys(NOTES)) at = play(kind, at) + .5;
  });
}

// --- what happens on this page
const offset = Date.parse(document.querySelector('meta[name="live-now"]')?.content || '') - Date.now() || 0;
const now = () => Date.now() + offset;
// As a line of the work list has it: the last group of the id of what it is about.
const rowOf = (element) => element.closest('[id]')?.id.split('-').at(-1);

function late() {
  let passed = false;
  for (const element of document.querySelectorAll(SHOWN)) {
    const ends = Date.parse(element.dataset.ends || element.dateTime), key = `${rowOf(element)} ${ends}`;
    if (ends > now()) ahead.set(key, ends);
    else if (ahead.delete(key)) passed = true;
  }
  for (const [key, ends] of ahead) if (now() - ends > LONG) ahead.delete(key);
  return passed;
}

function untaken() {
  const rows = [...document.querySelectorAll('#werk [data-untaken], #klokken [data-untaken]')];
  const old = rows.filter(({ dataset }) => now() - Date.parse(dataset.untaken) > UNTAKEN).map(rowOf);
  const fresh = old.filter((id) => !seen.has(id));
  fresh.forEach((id) => seen.add(id));
  return fresh.length > 0;
}

let silent = false;
function lineLost() {
  const before = silent;
  silent = document.getElementById('live')?.dataset.state === 'off';
  return silent && !before;
}

function look() {
  if (untaken()) rung.set('spoed', 0);
  if (late()) rung.set('late', 0);
  // A line that was silent on the page before as well rings on in its own time.
  if (lineLost() && !rung.has('live')) rung.set('live', 0);
  for (const [kind, at] of rung) if (Date.now() - at >= AGAIN) { rung.set(kind, Date.now()); ring(kind); }
  keep();
}

function keep() {
  const now = JSON.stringify({ ahead: [...ahead], seen: [...seen], rung: [...rung] });
  if (now !== sessionStorage.getItem(KEPT)) sessionStorage.setItem(KEPT, now);
}

const blocked = document.getElementById('geluid-geblokkeerd');

async function ring(kind) {
  show();
  // Of all tabs that notice it the first one sounds.
  if (!navigator.locks) return sound(kind);
  await navigator.locks.request(`zc-sound-${kind}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await sound(kind);
    await new Promise((done) => setTimeout(done, 2 * LOOK));
  });
}

async function sound(kind) {
  const heard = await awake();
  if (heard) play(kind, context.currentTime);
  blocked.hidden = heard;
}

// What could not be heard until somebody touched the page is heard then.
async function unblock() {
  if (blocked.hidden || !await awake() || blocked.hidden) return;
  blocked.hidden = true;
  let at = context.currentTime;
  for (const kind of rung.keys()) at = play(kind, at) + .5;
}

function show() {
  const words = [...rung.keys()].map((kind) => box.dataset[kind]).join(' ');
  const place = document.getElementById('geluid-woord');
  if (place.textContent !== words) place.textContent = words;
  box.hidden = !rung.size;
}

if (box) {
  document.getElementById('geluid-gezien').addEventListener('click', () => { rung.clear(); show(); keep(); });
  for (const touch of ['click', 'keydown']) document.addEventListener(touch, unblock);
  show();
  setInterval(look, LOOK);
}
