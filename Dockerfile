# Untested: no Docker engine was at hand when this was written.
FROM maven:3-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn --batch-mode -q -Dmaven.test.skip package

FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/telemetry telemetry
USER 10001
WORKDIR /var/lib/telemetry
COPY --from=build /src/telemetry-server/target/telemetry-server.jar /opt/telemetry-server.jar
# The address within the container. Any but loopback makes AUTH=required the default: give the first
# key as INIT_ADMIN_KEY or INIT_ADMIN_KEY_FILE, or make one with "keys create" within the container.
ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/var/lib/telemetry/data
EXPOSE 8000
VOLUME /var/lib/telemetry/data
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/telemetry-server.jar"]
