package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL keeps of an event that came over HTTP. */
class StoredPayloadIT {

  /** With everything that a parser and a writer would not give back: blanks, order, escapes. */
  private static final String ODD =
      "{ \"timestamp\":\"2026-03-10T11:00:00.5Z\" ,\t\"own\" : [1.50e2, -0.0, 1E+3, \"\\u00e9\\/\"],"
          + " \"event_id\":\"%s\",\"model\":{ \"model_id\" :\"m-1\"},\"org_id\":\"%s\","
          + "\"response\":{\"latency_ms\":120,\"status_code\":200 } , \"note\":\"é\" }";

  private final String url = PostgresServer.freshDatabase();

  private final PostgresServer server = PostgresServer.start(url, Map.of());

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void event_isKeptInTheCharactersInWhichItCame_singleOrInABatch() throws SQLException {
    String single = ODD.formatted("single", "o-1");
    String array = ODD.formatted("array", "o-1");
    String line = ODD.formatted("line", "o-2");

    accepted(Http.postJson(events(), "\n " + single + "\r\n").statusCode());
    accepted(Http.postJson(events(), "[" + array + " , " + event("neighbour") + "]").statusCode());
    accepted(
        Http.post(events(), "application/x-ndjson", line + "\n\n", "Accept", "*/*").statusCode());

    assertThat(payload("single")).isEqualTo(single);
    assertThat(payload("array")).isEqualTo(array);
    assertThat(payload("line")).isEqualTo(line);
  }

  @Test
  void event_isWrittenAnew_whereItSaysSomethingElseThanItIsKeptAs() throws SQLException {
    String seconds = "{ \"event_id\":\"seconds\", \"timestamp\":1773140400 }";
    String redacted = ODD.formatted("redacted", "o-1").replace("é\" }", "mail a.b@example.org\" }");

    accepted(Http.postJson(events(), seconds).statusCode());
    accepted(Http.postJson(events(), redacted).statusCode());

    assertThat(payload("seconds"))
        .startsWith("{\"event_id\":\"seconds\",\"timestamp\":\"2026-03-10T11:00:00Z\"");
    assertThat(payload("redacted"))
        .doesNotContain("a.b@example.org")
        .contains("\"note\":\"", "\"own\":[");
  }

  private URI events() {
    return server.uri().resolve("/events");
  }

  private static String event(String id) {
    return "{\"event_id\":\"" + id + "\",\"timestamp\":\"2026-03-10T11:00:00Z\"}";
  }

  private static void accepted(int status) {
    assertThat(status).isEqualTo(202);
  }

  private String payload(String eventId) throws SQLException {
    try (Connection connection = PostgresServer.connect(url);
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT payload FROM pedi_telemetry.event WHERE event_id = ?")) {
      statement.setString(1, eventId);
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).as("%s is stored", eventId).isTrue();
        return rows.getString(1);
      }
    }
  }
}
