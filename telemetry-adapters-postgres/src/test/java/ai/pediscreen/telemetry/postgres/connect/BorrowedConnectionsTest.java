package ai.pediscreen.telemetry.postgres.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class BorrowedConnectionsTest {

  @Test
  void sessionSettings_areReadAsPostgresReadsThem() {
    assertThat(
            BorrowedConnections.settings(
                "-c search_path=\"a\",pg_temp -c statement_timeout=4000"
                    + " -c default_transaction_isolation=repeatable\\ read -c jit=off"))
        .containsExactly(
            entry("search_path", "\"a\",pg_temp"),
            entry("statement_timeout", "4000"),
            entry("default_transaction_isolation", "repeatable read"),
            entry("jit", "off"));
  }
}
