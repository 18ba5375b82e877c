package ai.pediscreen.telemetry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FailoverIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");

  private final TestDatabase database = TestDatabase.createEmpty();

  @Test
  @DisplayName("After a read-only episode events are stored at once, and the cause was told")
  void connectionsToAReadOnlyServer_areReplaced() throws Exception {
    try (Connection admin = database.connect();
        PostgresTelemetry telemetry = database.open(() -> NOW)) {
      append(telemetry, "before");
      // New sessions can only read, and stay so when the episode is over, as on a demoted primary.
      String name = admin.getCatalog();
      execute(admin, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
      execute(
          admin,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> append(telemetry, "during"))
            .isInstanceOf(StoreUnavailableException.class);
      }
      assertThatThrownBy(() -> append(telemetry, "during"))
          .rootCause()
          .hasMessageContaining("in a read-only transaction");
      execute(admin, "ALTER DATABASE " + name + " RESET default_transaction_read_only");

      // One connection may be left from the episode.
      try {
        append(telemetry, "after");
      } catch (StoreUnavailableException e) {
        assertThat(e).rootCause().hasMessageContaining("in a read-only transaction");
      }
      assertThat(telemetry.events().append(OrgPermission.all(), List.of(event("after"))))
          .hasSize(1);
      telemetry.maintenance().run();
      assertThat(telemetry.keys().list()).isEmpty();
    }
  }

  private static void append(PostgresTelemetry telemetry, String id) {
    assertThat(telemetry.events().append(OrgPermission.all(), List.of(event(id))))
        .containsExactly(Receipt.accepted());
  }

  private static TelemetryEvent event(String id) {
    return TelemetryEvent.fromMap(Map.of("event_id", id, "timestamp", NOW.toString()));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
