package com.example.screening;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

class ScreeningApplicationIT {

  private static EmbeddedPostgres postgres;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @Test
  void application_recordsItsModel_besideItsOwnMigrations_andClosesInTime() throws Exception {
    ConfigurableApplicationContext first = start();

    assertThat(post(first, "/screenings", "says two words")).isEqualTo("no finding");
    assertThat(post(first, "/screenings", "says fewer words than last year")).isEqualTo("refer");
    assertThat(post(first, "/screenings", " ")).isEqualTo("there is nothing to screen");
    assertThat(get(first, "/usage")).isEqualTo("3 requests, 1 errors");
    assertThat(get(first, "/actuator/health"))
        .contains("\"telemetry\":{\"status\":\"UP\",\"details\":{\"dropped\":{");
    assertThat(get(first, "/actuator/metrics/telemetry.dropped")).contains("\"value\":0.0");
    assertThat(migrations(first, "public")).containsExactly("V1__screenings.sql");
    assertThat(migrations(first, "pedi_telemetry"))
        .contains("V1__events_and_rollups.sql")
        .doesNotContain("V1__screenings.sql");
    recordMore(first, 1_000);
    assertThat(millisToClose(first)).isLessThan(5_000);

    ConfigurableApplicationContext again = start();
    assertThat(get(again, "/usage")).isEqualTo("1003 requests, 1 errors");
    assertThat(models(again))
        .singleElement()
        .satisfies(
            model -> {
              assertThat(model.modelId()).isEqualTo("medgemma-4b");
              assertThat(model.provider()).isEqualTo("vertex");
            });
    assertThat(millisToClose(again)).isLessThan(5_000);
  }

  private static ConfigurableApplicationContext start() {
    return SpringApplication.run(
        ScreeningApplication.class,
        "--server.port=0",
        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"));
  }

  private static List<String> migrations(ConfigurableApplicationContext context, String schema) {
    return context
        .getBean(JdbcClient.class)
        .sql("SELECT script FROM " + schema + ".flyway_schema_history WHERE version IS NOT NULL")
        .query(String.class)
        .list();
  }

  private static void recordMore(ConfigurableApplicationContext context, int events) {
    Telemetry telemetry = context.getBean(Telemetry.class);
    for (int i = 0; i < events; i++) {
      assertThat(
              telemetry.record(
                  TelemetryEvent.builder("e-" + i, Instant.now())
                      .model("medgemma-4b")
                      .provider("vertex")
                      .status(200)
                      .build()))
          .isTrue();
    }
  }

  private static List<ModelUsage> models(ConfigurableApplicationContext context) {
    return context.getBean(Telemetry.class).usage().models(UsageFilter.last(UsageRange.DAY), 20);
  }

  private static long millisToClose(ConfigurableApplicationContext context) {
    long begun = System.nanoTime();
    context.close();
    return Duration.ofNanos(System.nanoTime() - begun).toMillis();
  }

  private String post(ConfigurableApplicationContext context, String path, String body)
      throws Exception {
    return send(request(context, path).POST(BodyPublishers.ofString(body)));
  }

  private String get(ConfigurableApplicationContext context, String path) throws Exception {
    return send(request(context, path));
  }

  private String send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  private static HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
    String port = context.getEnvironment().getProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }
}
