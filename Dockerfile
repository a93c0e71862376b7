# Pawl as an image: the engine (`docker run IMAGE up`) and its worker (`node /app/dist/worker.js`). docker-compose.yml
# builds both from it. Build options:
#   --build-arg AGENTS="claude codex"     agents to install, of those in scripts/container/agents.mjs; none unless told
#   --build-arg UID=… --build-arg GID=…   who the engine runs as: the owner of your repositories (1000 unless told)

# Debian with glibc, which Temporal's native core needs, and git 2.39; Pawl needs 2.38. Tags and the user `node` (1000):
# https://hub.docker.com/_/node and https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md
FROM node:26.10.0-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/on-node.mjs scripts/
COPY scripts/setup scripts/setup
COPY src src
RUN npm run build

FROM base AS production
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM base AS agents
WORKDIR /opt/agents
COPY scripts/agents/package.json scripts/agents/package-lock.json scripts/container/agents.mjs ./
ARG AGENTS=""
RUN node agents.mjs "$AGENTS"

FROM base AS runtime
# git for worktrees, merges and pushes; certificates for git over https. Agents and checks often need more: build on this image.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
ARG UID=1000
ARG GID=1000
# Files of volumes take their owner from the folders of the image.
RUN groupmod --gid "$GID" node \
  && usermod --uid "$UID" --gid "$GID" node \
  && chown -R node:node /home/node \
  && install -d -o node -g node -m 0700 /var/lib/pawl
COPY --from=production /app/node_modules node_modules
COPY --from=agents /opt/agents/node_modules /opt/agents/node_modules
COPY package.json LICENSE ./
COPY bin bin
COPY scripts/setup scripts/setup
COPY --from=build /app/dist dist
ENV NODE_ENV=production \
  PAWL_HOME=/var/lib/pawl \
  PATH=/app/bin:/opt/agents/node_modules/.bin:$PATH
USER node
VOLUME ["/var/lib/pawl"]
# Pawl's own port, PAWL_PORT's default.
EXPOSE 8100
# Run it with an init (`docker run --init`, `init: true`): agents leave orphans, which somebody has to reap.
ENTRYPOINT ["/app/bin/pawl"]
# Its output is kept as a log, which no way in belongs into: `pawl dashboard` prints one.
CMD ["up", "--no-link"]
