package com.example.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class ScreeningServerIT {

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void calls_areRecordedInTheProgramsDatabase_overItsPool() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
      pool.setMaximumPoolSize(4);

      try (ScreeningServer server = new ScreeningServer(pool, 0)) {
        assertThat(post(server, "says two words")).isEqualTo("no finding");
        assertThat(post(server, "says fewer words than last year")).isEqualTo("refer");
        assertThat(post(server, " ")).isEqualTo("there is nothing to screen");
      }
      try (ScreeningServer again = new ScreeningServer(pool, 0)) {
        assertThat(send(HttpRequest.newBuilder(address(again, "/usage")).build()))
            .isEqualTo("medgemma-4b: 3 calls, 33 % errors");
      }
      assertThat(pool.isClosed()).isFalse();
    }
  }

  private String post(ScreeningServer server, String text) throws Exception {
    return send(
        HttpRequest.newBuilder(address(server, "/screenings"))
            .POST(BodyPublishers.ofString(text))
            .build());
  }

  private String send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static URI address(ScreeningServer server, String path) {
    return URI.create("http://localhost:" + server.port() + path);
  }
}
