package ai.pediscreen.telemetry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.Delivery;
import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.export.ExportedIds;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresStoreIT {

  private static final TestDatabase DATABASE = TestDatabase.createEmpty();
  private static final int CONNECTIONS = 4;

  @Test
  void poolOfTheProgram_isEnough_andItsConnectionsAreRestored() throws SQLException {
    DATABASE.execute("CREATE SCHEMA mine; CREATE TABLE mine.event (mine int)");
    try (HikariDataSource pool = pool()) {
      try (Telemetry telemetry = Telemetry.builder().store(PostgresStore.of(pool)).build()) {
        for (int i = 0; i < 200; i++) {
          assertThat(telemetry.record(event("e-" + i))).isTrue();
        }
        assertThat(telemetry.recordDurably(event("e-200")))
            .succeedsWithin(Duration.ofSeconds(60))
            .isEqualTo(Receipt.accepted());

        var overview = telemetry.usage().overview(UsageFilter.last(UsageRange.DAY).org("clinic-7"));

        assertThat(overview.requests()).isEqualTo(201);
        assertThat(telemetry.flush(Duration.ofSeconds(60))).isEqualTo(new Delivery(201, 0, 0));
        assertThat(telemetry.days().orElseThrow().due()).isEmpty();
      }

      assertThat(pool.isClosed()).isFalse();
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        all.add(pool.getConnection());
      }
      for (Connection connection : all) {
        assertThat(connection.getAutoCommit()).isFalse();
        assertThat(show(connection, "search_path")).isEqualTo("mine, public");
        assertThat(show(connection, "statement_timeout")).isEqualTo("77s");
        assertThat(show(connection, "default_transaction_isolation")).isEqualTo("serializable");
        assertThat(show(connection, "idle_in_transaction_session_timeout")).isEqualTo("0");
        assertThat(show(connection, "jit")).isEqualTo("on");
        connection.close();
      }
    }
    assertThat(DATABASE.value("SELECT count(*) FROM mine.event")).isEqualTo("0");
    assertThat(DATABASE.value("SELECT count(*) FROM pedi_telemetry.event")).isEqualTo("201");
  }

  @Test
  void events_areExported_overThePoolOfTheProgram() throws Exception {
    TestDatabase database = TestDatabase.create();
    ExportedIds exported = new ExportedIds();
    try (HikariDataSource pool = pool(database);
        Telemetry telemetry =
            Telemetry.builder()
                .store(PostgresStore.builder(pool).exporting().open())
                .exportTo(exported)
                .build()) {
      telemetry.record(event("e-1"));
      assertThat(exported.next(Duration.ofMinutes(1))).isEqualTo("e-1");
    }
  }

  @Test
  void connections_areRefused_ifTooFew() {
    try (HikariDataSource pool = pool()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PostgresStore.builder(pool).connections(2));
    }
  }

  @Test
  void poolOfOneConnection_isRefused_withTheReason() {
    try (HikariDataSource pool = pool()) {
      pool.setMaximumPoolSize(1);
      pool.setConnectionTimeout(500);

      assertThatThrownBy(() -> PostgresStore.of(pool))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("at least 2");
    }
  }

  @Test
  void schemaPublic_isRefused_forAProgramsOwnDatabase() {
    try (HikariDataSource pool = pool()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PostgresStore.builder(pool).schema("public"))
          .withMessageContaining("public");
    }
  }

  private static HikariDataSource pool() {
    return pool(DATABASE);
  }

  private static HikariDataSource pool(TestDatabase database) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.settings(InstantSource.system()).jdbcUrl());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(false);
    config.setConnectionInitSql(
        "SET search_path = mine, public; SET statement_timeout = '77s';"
            + " SET default_transaction_isolation = 'serializable'");
    return new HikariDataSource(config);
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  private static TelemetryEvent event(String id) {
    return TelemetryEvent.builder(id, Instant.now()).org("clinic-7").model("m").status(200).build();
  }
}
