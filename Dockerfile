# The hook image: the bundled program on a distroless Node.js, without a shell and as a user without rights.
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY schemas schemas
COPY hooks hooks
RUN npm run build

FROM gcr.io/distroless/nodejs24-debian13:nonroot
COPY --from=build /src/dist /app
ENTRYPOINT ["/nodejs/bin/node", "/app/marblerun-hooks.mjs"]
