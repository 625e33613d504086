# The hook image: the bundled program on a distroless Node.js, without a shell and as a user without rights. It writes nothing,
# so it runs on a read-only root. The bundle holds no machine code: it is built once, on the builder's own platform.
#
#   docker buildx build --platform linux/amd64,linux/arm64 --tag marblerun-hooks .
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY schemas schemas
COPY hooks hooks
RUN npm run build

FROM gcr.io/distroless/nodejs24-debian13:nonroot
COPY --from=build /src/dist /app
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/marblerun-hooks.mjs"]
