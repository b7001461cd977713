"""What holds for every operation: the first lines of the OpenAPI document, and of `docs/api.md`.

In CommonMark, as the standard has it.
"""

SUMMARY = "Acute care, coordinated: take in, triage, ask, find a place, hand over."

EVERYWHERE = """\
- **Who asks**: `Authorization: Bearer` with the key of a system. An administrator makes it for an
  organisation with `manage.py issue_key`; it is shown once, and valid for a year at most. Its
  scopes are kinds of work: `desk` (take in, triage, own and hand over cases), `ask` (ask for
  care), `answer` (answer offers, keep capacity true), `visit` (go to the patient and report). In
  a browser, whoever is logged in acts as what they chose (with `X-CSRFToken`).
- **JSON**, UTF-8, at most 256 KiB and 20 levels. A field that is not known, said twice or of
  another type is refused, not guessed at. Text is kept composed (NFC) and without invisible
  characters.
- **Moments** carry their offset (`2026-11-22T03:10:00+01:00`): the night of the clock change has
  an hour twice. Answers are in UTC.
- **`Idempotency-Key`** with every POST: of your choice, another for every question. The same key
  and question get the same bytes again, with `Idempotent-Replayed: true`, and nothing is done
  twice; another question with that key is 422; while the first is still being worked on it is 409
  with `Retry-After`. Only what succeeded is kept: after a refusal the same key may be used again.
  Did the line break? Send it again. PUT and DELETE need no key: doing them twice is doing them
  once.
- **`ETag`, `If-Match`** on cases, requests and units: send back the tag of what you looked at,
  and the answer is 412 when it changed since. Offers and handovers need none: a move that is not
  open any more is refused.
- **`moves`** names what you could do with a row now: the last parts of its addresses.
- **Lists** come by the page: `?limit=` (50, at most 100) and `?cursor=` with what `next` said,
  until that is null.
- **What happened**: `GET /api/v1/events?after=` with the last number you know, the socket
  `/ws/live?after=`, or a subscription: the same facts, ids only.
- **No** is `application/problem+json` (RFC 9457), in Dutch and in English. `code` is for programs
  and stays the same; sentences are for people and may change. What does not exist and what is not
  yours to see is the same 404.
- **Busy**: questions are not counted. When LZC cannot answer now it says 503, and nothing
  changed: ask again after `Retry-After`, with the same key. There is no 500 that a client can
  cause.
- **Changes**: within v1 only additions. A program ignores what it does not know.
"""
