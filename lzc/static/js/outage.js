// Inside an outage list: asks for the key and opens it here, in the browser, without a network.
const sealed = JSON.parse(document.getElementById('verzegeld').textContent);
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// Base32; people read a nought and a one where there are none.
function typed(code) {
  const letters = code.toUpperCase().replace(/[-\s]/g, '').replace(/0/g, 'O').replace(/1/g, 'I').replace(/8/g, 'B');
  let bits = '';
  for (const letter of letters) {
    const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter);
    if (value < 0) throw new Error('letter');
    bits += value.toString(2).padStart(5, '0');
  }
  if (letters.length !== 26) throw new Error('length');
  return Uint8Array.from({ length: 16 }, (_, at) => parseInt(bits.slice(8 * at, 8 * at + 8), 2));
}

async function open(code) {
  const told = new TextEncoder().encode(`${sealed.organisation}|${sealed.made}`);
  const own = await crypto.subtle.importKey('raw', typed(code), 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: bytes(sealed.salt), info: new TextEncoder().encode('lzc outage list 1') },
    own, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
  const page = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes(sealed.nonce), additionalData: told }, key, bytes(sealed.body));
  return new TextDecoder().decode(page);
}

function tellAge() {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(sealed.made)) / 60_000));
  const place = document.getElementById('ouderdom');
  if (place) place.textContent = sealed.words.age.replace('{n}', minutes);
}

document.getElementById('openen').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const page = new DOMParser().parseFromString(await open(document.getElementById('sleutel').value), 'text/html');
    document.documentElement.replaceWith(document.adoptNode(page.documentElement));
    tellAge();
    setInterval(tellAge, 60_000);
  } catch {
    document.getElementById('fout').textContent = sealed.words.wrong;
  }
});
