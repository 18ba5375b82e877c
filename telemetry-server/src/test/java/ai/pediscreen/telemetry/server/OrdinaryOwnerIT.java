package ai.pediscreen.telemetry.server;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database whose user is no superuser, but may make roles: the first start makes that of tenants.
 */
class OrdinaryOwnerIT {

  @TempDir private Path directory;

  @Test
  void ownerWhoCanCreateRoles_queriesOneOrganisation() throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.start(directory.resolve("data"), PostgresServer.PROGRAMS)) {
      EmbeddedPostgres.Access access = postgres.administrator();
      try (Connection connection =
              DriverManager.getConnection(access.jdbcUrl(), access.username(), access.password());
          Statement statement = connection.createStatement()) {
        statement.execute("DROP ROLE pedi_telemetry_tenant");
        statement.execute("CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'of-a-maker'");
        statement.execute("CREATE DATABASE theirs OWNER maker");
      }
      PostgresSettings settings =
          PostgresSettings.of(
              access.jdbcUrl().replaceFirst("/postgres$", "/theirs"), "maker", "of-a-maker");
      try (PostgresTelemetry telemetry = PostgresTelemetry.open(settings, Duration.ZERO)) {
        Instant now = Instant.now();
        assertThat(
                telemetry
                    .events()
                    .append(
                        OrgPermission.of("org-a"),
                        List.of(event("e").org("org-a").at(now).build())))
            .containsExactly(Receipt.accepted());

        TimeWindow window = TimeWindow.last(UsageRange.DAY, now.plusSeconds(1));

        assertThat(
                telemetry
                    .usage()
                    .overview(new UsageFilter(OrgFilter.of("org-a"), null, window))
                    .requests())
            .isOne();
      }
    }
  }
}
