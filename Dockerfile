# One image for web, live, worker, beat and migrate; `proxy` is Caddy without root.
# Pin both bases by digest in your own registry (docs/operate.md).
ARG PYTHON=python:3.13-slim
ARG CADDY=caddy:2

FROM ${PYTHON} AS build
ENV PATH=/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . .
RUN deploy/build

FROM ${PYTHON} AS lzc
ENV PATH=/venv/bin:$PATH LZC_ENV=production PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 lzc && useradd --uid 10001 --gid 10001 --no-create-home lzc \
  && install -d -o 10001 -g 10001 /outage
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001:10001
ENTRYPOINT ["/app/deploy/entrypoint"]

FROM ${CADDY} AS proxy
RUN setcap -r /usr/bin/caddy && chown -R 10002:10002 /data /config
COPY deploy/Caddyfile /etc/caddy/Caddyfile
USER 10002:10002

FROM lzc
