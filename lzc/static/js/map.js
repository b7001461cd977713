// The map: Leaflet over what this very installation knows. No patient data comes here, nothing is
// asked of others (but tiles, where an installation chose them), and no text becomes markup.
// Beside an open case its candidates have their number in the ranking, as the page itself tells it.
let box = null;
const AGAIN = 3000;
let small = false;                     // beside the list there is less room than on a page of its own
const text = (key, n = '') => (box.dataset[`t${key}`] || '').replace('{n}', n);
const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = {
  ageing: ['rect', { x: -15, y: -15, width: 30, height: 30, rx: 4 }],
  old: ['path', { d: 'M0-19 19 0 0 19-19 0Z' }],
  unknown: ['path', { d: 'M0-19 19 0 0 19-19 0Z' }],
};

// All that Leaflet ever writes as markup for us: its own fixed signs.
const ITS_OWN = new Set(['', '<svg/>', '<v:shape adj="1"/>', '<span aria-hidden="true">+</span>',
  '<span aria-hidden="true">&#x2212;</span>', '<span aria-hidden="true">&#215;</span>']);
window.trustedTypes?.createPolicy('default', { createHTML: (said) => (ITS_OWN.has(said) ? said : null) });

function made(name, attributes = {}, ...inside) {
  const element = ['svg', 'g', 'rect', 'path', 'circle', 'text', 'title'].includes(name)
    ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

// What the opened case says of its candidates: the towns they are in, with their numbers there.
function ranking() {
  const numbers = new Map();
  const asked = document.querySelector('#casus .kand:has([data-rank])');
  for (const { dataset: { town, rank } } of asked?.querySelectorAll('[data-rank]') || [])
    numbers.set(town, [...(numbers.get(town) || []), rank]);
  return numbers;
}

function mark({ town, free, level }, ranks) {
  const [shape, measures] = SHAPES[level] || ['circle', { r: 16 }];
  const figure = ranks ? ranks[0] + (ranks.length > 1 ? '+' : '') : String(free);
  const group = made('g', { class: `k-plek is-${level}${ranks ? ' is-rang' : ''}` }, made(shape, measures), made('text', { y: 6 }, figure));
  const picture = made('svg', { viewBox: '-20 -20 40 40', class: 'k-merk', 'aria-hidden': 'true' }, group);
  return made('span', { class: 'k-geheel' }, made('span', { class: 'k-plaatsnaam', 'aria-hidden': 'true' }, town), ' ', picture);
}

// A hospital stands beside the mark of its town, and is no button: the list says the same.
function hospital(L, map, { properties }, home, nth) {
  const sign = made('g', { class: `k-zkh is-${properties.load || 'stil'}` }, made('rect', { x: -11, y: -11, width: 22, height: 22, rx: 4 }), made('text', { y: 5 }, 'H'));
  const picture = made('svg', { viewBox: '-12 -12 24 24', class: 'k-zkh-merk', role: 'img', 'aria-label': properties.label }, made('title', {}, properties.label), sign);
  return L.marker(home, { interactive: false, keyboard: false, icon: L.divIcon({ className: '', html: picture, iconSize: [24, 24], iconAnchor: small ? [-8 - 18 * nth, 24] : [-10 - 24 * nth, 30] }) }).addTo(map);
}

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Amsterdam' });
function cloud({ town, units }) {
  const lines = units.map((unit) => made('li', {}, made('b', {}, text('Free', unit.free)), ` ${unit.name} `,
    made('span', { class: unit.fresh === 'fresh' ? 'zacht' : 'merkje merkje-oud' },
      `${unit.at ? clock.format(new Date(unit.at)) : text('Never')}${unit.fresh === 'fresh' || !unit.at ? '' : `, ${unit.word}`}`)));
  return made('div', { class: 'kaart-wolk' }, made('h3', {}, town), made('ul', {}, ...lines));
}

async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: 'application/geo+json' } });
  if (!answer.ok || answer.redirected) throw Object.assign(new Error(`${address}: ${answer.status}`), { refused: answer.status < 500 && answer.status !== 429 });
  return answer.json();
}

let towns = new Map();                 // where each town lies, whether it has a mark or not
function land(L, map, areas) {
  const layer = L.geoJSON(areas, { interactive: false, style: { className: 'k-gebied', weight: 1 } }).addTo(map);
  towns = new Map(Object.entries(areas.towns).map(([town, at]) => [town, L.latLng(at)]));
  const all = areas.features.length ? layer.getBounds() : L.latLngBounds([...towns.values()]);
  const whole = () => map.fitBounds(all, { padding: [8, 8], maxZoom: 11 });
  const button = document.getElementById('kaart-heel');
  button.hidden = false;
  button.addEventListener('click', whole);
  whole();
}

// The opened case: a ring around its town, and the way from there to each candidate.
let ways = null;
const home = () => document.getElementById('casus')?.dataset.home;
const stands = (town) => marks.get(town)?.getLatLng() || towns.get(town);
function route(L, map) {
  const ranks = ranking(), from = stands(home());
  ways ||= L.layerGroup().addTo(map);
  ways.clearLayers();
  for (const sign of document.querySelectorAll('[data-casus]')) sign.hidden = !ranks.size;
  document.getElementById('kaart-casus').hidden = !ranks.size;
  box.classList.toggle('met-casus', ranks.size > 0);
  if (!from || !ranks.size) return;
  for (const to of [...ranks.keys()].map(stands).filter(Boolean))
    L.polyline([from, to], { className: 'k-weg', interactive: false }).addTo(ways);
  const ring = made('g', { class: 'k-thuis' }, made('circle', { r: 18 }), made('circle', { r: 6 }));
  const picture = made('svg', { viewBox: '-20 -20 40 40', class: 'k-ring', 'aria-hidden': 'true' }, ring);
  const side = small ? 42 : 54;
  L.marker(from, { interactive: false, keyboard: false, zIndexOffset: -100, icon: L.divIcon({ className: '', html: picture, iconSize: [side, side] }) }).addTo(ways);
}

function toCase(L, map) {
  const ranks = ranking();
  const all = ranks.size ? [...ranks.keys(), home()].map((town) => towns.get(town)).filter(Boolean) : [];
  if (all.length) map.fitBounds(L.latLngBounds(all), { padding: [36, 36], maxZoom: 11 });
}

// Each town keeps its marker: an opened cloud stays open, a focused mark keeps its focus.
const marks = new Map();
function place(L, map, { properties, geometry }, ranks) {
  const [lon, lat] = geometry.coordinates;
  const icon = L.divIcon({ className: 'k-plaats', html: mark(properties, ranks), iconSize: small ? [30, 30] : [40, 40] });
  let marker = marks.get(properties.town);
  if (marker) {
    marker.getElement().replaceChildren(mark(properties, ranks));
    marker.setPopupContent(cloud(properties));
  } else {
    marker = L.marker([lat, lon], { icon, riseOnHover: true }).bindPopup(cloud(properties), { closeButton: true }).addTo(map);
    marker.home = L.latLng(lat, lon);
    marks.set(properties.town, marker);
  }
  marker.getElement().setAttribute('aria-label', ranks ? `${properties.label}, ${text('Rank', ranks.join(', '))}` : properties.label);
}

// Two marks that would lie on each other make room, each as far as the other; a hospital stays
// beside its town.
function spread(map) {
  const apart = small ? 28 : 36;
  const all = [...marks.values()].map((marker) => ({ marker, at: map.latLngToLayerPoint(marker.home) }));
  for (const [i, one] of all.entries())
    for (const other of all.slice(i + 1)) {
      const gap = other.at.subtract(one.at), far = gap.x || gap.y ? Math.hypot(gap.x, gap.y) : 0;
      if (far >= apart) continue;
      const step = (far ? gap.divideBy(far) : gap.add([1, 0])).multiplyBy((apart - far) / 2);
      one.at = one.at.subtract(step);
      other.at = other.at.add(step);
    }
  for (const { marker, at } of all) {
    marker.setLatLng(map.layerPointToLatLng(at));
    const covered = all.some((one) => one.marker !== marker && Math.abs(one.at.x - at.x) < apart && one.at.y > at.y && one.at.y < at.y + apart);
    marker.getElement().classList.toggle('is-boven', covered);     // then its name stands above it
  }
  for (const one of hospitals) one.setLatLng(all.find(({ marker }) => marker.home.equals(one.home))?.marker.getLatLng() || one.home);
}

// The names of the towns without a mark, as far as there is room for them.
let names = [];
function name(L, map) {
  for (const one of names) one.remove();
  const taken = [...marks.values()].map((marker) => map.latLngToLayerPoint(marker.getLatLng()).add([0, 12]));
  names = [...towns].flatMap(([town, at]) => {
    const here = map.latLngToLayerPoint(at);
    if (marks.has(town) || taken.some((one) => Math.abs(one.x - here.x) < 66 && Math.abs(one.y - here.y) < 28)) return [];
    taken.push(here);
    const word = made('span', { class: 'k-los', 'aria-hidden': 'true' }, town);
    return [L.marker(at, { interactive: false, keyboard: false, zIndexOffset: -200, icon: L.divIcon({ className: '', html: word, iconSize: [0, 0] }) }).addTo(map)];
  });
}

let hospitals = [], told = '';
function fill(L, map, places) {
  const ranks = ranking();
  told = String([...ranks]);
  const [houses, marked] = [places.features.filter((one) => one.properties.hospital), places.features.filter((one) => one.properties.town)];
  const there = new Set(marked.map((feature) => feature.properties.town));
  for (const [town, marker] of marks) if (!there.has(town)) { marker.remove(); marks.delete(town); }
  marked.forEach((feature) => place(L, map, feature, ranks.get(feature.properties.town)));
  hospitals.forEach((marker) => marker.remove());
  const beside = new Map();
  hospitals = houses.map((feature) => {
    const [lon, lat] = feature.geometry.coordinates, spot = `${lon} ${lat}`, nth = beside.get(spot) || 0;
    beside.set(spot, nth + 1);
    const marker = hospital(L, map, feature, [lat, lon], nth);
    marker.home = L.latLng(lat, lon);
    return marker;
  });
  arrange(L, map);
}

function arrange(L, map) {
  spread(map);
  route(L, map);
  name(L, map);
}

function pointOut(town, on) {
  marks.get(town)?.getElement()?.classList.toggle('is-aangewezen', on);
}

// One act is told of as several things, and asked about once; what could not be fetched is asked
// again. Of several answers only the newest that was asked for counts, however late another comes.
let show = null, asking = 0, newest = 0;
function again(wait) {
  clearTimeout(asking);
  asking = setTimeout(fetchPlaces, wait);
}
function fetchPlaces() {
  const mine = ++newest;
  if (show) asked(box.dataset.places).then((found) => { if (mine === newest) show(found); },
    ({ refused }) => { if (mine === newest && !refused) again(AGAIN); });
}
for (const topic of ['zc:place', 'zc:unit', 'zc:offer', 'zc:emergency']) document.body.addEventListener(topic, () => again(0));

async function start() {
  let [areas, places] = await Promise.all([asked(box.dataset.areas), asked(box.dataset.places)]);
  await import(box.dataset.leaflet);
  const { L } = window;
  L.Util.emptyImageUrl = box.dataset.empty;
  box.replaceChildren();
  small = box.clientWidth < 560;
  box.classList.toggle('is-klein', small);
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: 15,
    zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
  L.control.zoom({ zoomInTitle: text('In'), zoomOutTitle: text('Out') }).addTo(map);
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { maxZoom: 15 }).addTo(map);
    box.classList.add('met-tegels');
  }
  map.on('popupopen', ({ popup }) => popup.getElement().querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', text('Close')));
  land(L, map, areas);
  fill(L, map, places);
  toCase(L, map);
  map.on('zoomend', () => arrange(L, map));
  document.getElementById('kaart-casus').addEventListener('click', () => toCase(L, map));
  // What changed since these places were asked for was heard of, and could not be drawn yet.
  show = (found) => fill(L, map, places = found);
  if (newest) again(0);
  document.addEventListener('htmx:after:swap', () => { if (told !== String([...ranking()])) fill(L, map, places); });
  box.dataset.ready = marks.size;
}

// The list points at the map: with the mouse, and with what has the focus.
for (const [over, out] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
  document.addEventListener(over, ({ target }) => pointOut(target.closest?.('[data-town]')?.dataset.town, true));
  document.addEventListener(out, ({ target }) => pointOut(target.closest?.('[data-town]')?.dataset.town, false));
}

// What the server drew stays when this fails: nothing is taken away before there is something better.
// What did not arrive is asked for again.
function begin() {
  const found = document.getElementById('kaart');
  if (!found || found === box) return;
  box = found;
  start().catch((error) => {
    console.warn('map', error);
    if (!window.L && !error.refused) setTimeout(() => { box = null; begin(); }, AGAIN);
  });
}
document.addEventListener('htmx:after:swap', begin);     // beside the work list it comes later
begin();
