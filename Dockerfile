FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    DATA_DIR=/data \
    KNOWLEDGE_DIR=/app/knowledge \
    MPLCONFIGDIR=/data/matplotlib

WORKDIR /app
# The dependencies alone first: a change in the bot or the knowledge does not fetch them again.
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN mkdir bot && touch bot/__init__.py && pip install --constraint constraints.txt --editable ".[metrics,postgresql]" \
    && useradd --system --uid 10001 tutor && install --directory --owner tutor /data

COPY bot bot
COPY knowledge knowledge
# The model of the knowledge is made here, in /app/model, so that no container has to: for other knowledge that is
# mounted it is made at the first start, in the data volume.
RUN python -m compileall -q bot && DATA_DIR=/app python -m bot ask --json "What is momentum?"

# The bot writes to the data volume only (matplotlib its list of fonts too, which it would otherwise make anew at every
# start), so the rest may be mounted read-only (docker run --read-only).
USER 10001
VOLUME /data

# The bot touches the heartbeat every 20 s while Discord hears it and its data is there, and only then.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=2 CMD ["python", "-m", "bot.healthy"]

CMD ["python", "-m", "bot", "run"]
