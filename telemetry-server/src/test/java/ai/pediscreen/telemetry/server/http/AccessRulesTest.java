package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.KeySecret;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How keys are shown, and what browsers are told. */
final class AccessRulesTest extends KeyedContract {

  private static final String ORIGIN = "https://pediscreen.example";

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWithKeys();
  }

  @Test
  @DisplayName("Headers `apikey`, `x-api-key`, `Authorization: Bearer`")
  void key_isReadFromAnyOfThreeHeaders() {
    String key = keyOf(Visitor.READ_ONLY);
    for (List<String> headers :
        List.of(
            List.of("apikey", key),
            List.of("ApiKey", " " + key),
            List.of("x-api-key", key),
            List.of("Authorization", "Bearer " + key),
            List.of("Authorization", "bearer  " + key),
            List.of("apikey", key, "Authorization", "Bearer " + key),
            List.of("apikey", key, "Authorization", "Basic dTpw"),
            List.of("apikey", "", "x-api-key", key))) {
      assertThat(get("/telemetry", headers.toArray(String[]::new)).status())
          .as(headers.toString())
          .isEqualTo(200);
    }
    for (List<String> headers :
        List.of(
            List.of("apikey", key, "x-api-key", keyOf(Visitor.ADMIN)),
            List.of("apikey", key, "apikey", "x"),
            List.of("apikey", key, "Authorization", "Bearer x"))) {
      assertProblem(get("/telemetry", headers.toArray(String[]::new)), 400, "CONFLICTING_KEYS");
    }
    for (List<String> headers :
        List.of(
            List.of("Authorization", key),
            List.of("Authorization", "Basic " + key),
            List.of("Cookie", "apikey=" + key),
            List.of("api-key", key))) {
      assertThat(get("/telemetry?apikey=" + key, headers.toArray(String[]::new)).status())
          .isEqualTo(401);
    }
  }

  @Test
  @DisplayName("Unknown, expired, revoked or wrong: indistinguishable")
  void everyInvalidKey_getsTheSameAnswer() {
    List<@Nullable String> invalid = new ArrayList<>();
    for (Visitor visitor :
        List.of(Visitor.NO_KEY, Visitor.WRONG, Visitor.EXPIRED, Visitor.REVOKED)) {
      invalid.add(keys.get(visitor));
    }
    invalid.add(KeySecret.generate().reveal());
    invalid.add("x");
    invalid.add("x".repeat(64));
    invalid.add("'; DROP TABLE access_key; --" + "x".repeat(10));
    List<String> answers = new ArrayList<>();
    for (@Nullable String key : invalid) {
      Answer answer = as(key, "/telemetry", "x-request-id", "r");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).contains("Bearer");
      answers.add(
          answer.text()
              + new java.util.TreeMap<>(answer.response().headers().map())
                  .entrySet().stream()
                      .filter(header -> !header.getKey().equalsIgnoreCase("date"))
                      .toList());
    }
    assertThat(Set.copyOf(answers)).as(answers.toString()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE"})
  @DisplayName("X-HTTP-Method-Override gets nobody past a scope")
  void methodOverride_needsTheScopeOfTheRouteThatItReaches(String method) {
    Answer answer =
        send(
            method,
            "/events",
            BodyPublishers.ofString(event("smuggled").toString()),
            "apikey",
            keyOf(Visitor.READ_ONLY),
            "X-HTTP-Method-Override",
            "POST");
    assertThat(answer.status()).isEqualTo(403);

    Answer reading =
        send(
            "POST",
            "/telemetry",
            BodyPublishers.noBody(),
            "apikey",
            keyOf(Visitor.INGEST_ONLY),
            "X-HTTP-Method-Override",
            method.equals("HEAD") ? "HEAD" : "GET");
    assertThat(reading.status()).isEqualTo(403);
    assertThat(counted(keyOf(Visitor.ADMIN))).isZero();
  }

  @Test
  @DisplayName("PediScreen's page: GET {base}/functions/v1/telemetry with the header apikey")
  void listedOrigin_isAllowed_afterAPreflightWithoutAKey() {
    Answer preflight =
        send(
            "OPTIONS",
            "/functions/v1/telemetry?action=overview",
            BodyPublishers.noBody(),
            "Origin",
            ORIGIN,
            "Access-Control-Request-Method",
            "GET",
            "Access-Control-Request-Headers",
            "apikey");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("access-control-allow-origin")).contains(ORIGIN);
    assertThat(preflight.header("access-control-allow-methods")).contains("GET, HEAD, POST");
    assertThat(preflight.header("access-control-allow-headers").orElse("").split(", "))
        .contains(
            "apikey", "x-api-key", "authorization", "content-type", "x-request-id", "traceparent");
    assertThat(preflight.header("access-control-allow-credentials")).isEmpty();

    for (Visitor visitor : List.of(Visitor.READ_ONLY, Visitor.INGEST_ONLY, Visitor.WRONG)) {
      Answer answer = as(keyOf(visitor), "/functions/v1/telemetry", "Origin", ORIGIN);
      assertThat(answer.status()).isEqualTo(visitor == Visitor.READ_ONLY ? 200 : answer.status());
      assertThat(answer.header("access-control-allow-origin")).contains(ORIGIN);
      assertThat(answer.header("vary").orElse("")).contains("Origin");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://pediscreen.example",
        "https://pediscreen.example:8443",
        "https://pediscreen.example.evil.example",
        "null"
      })
  void otherOrigin_getsNoCorsHeaders(String origin) {
    Answer preflight =
        send(
            "OPTIONS",
            "/telemetry",
            BodyPublishers.noBody(),
            "Origin",
            origin,
            "Access-Control-Request-Method",
            "GET");
    assertThat(preflight.status()).isEqualTo(405);
    Answer answer = as(keyOf(Visitor.READ_ONLY), "/telemetry", "Origin", origin);
    for (Answer each : List.of(preflight, answer)) {
      assertThat(each.header("access-control-allow-origin")).isEmpty();
      assertThat(each.header("vary").orElse("")).contains("Origin");
    }
  }

  @Test
  @DisplayName("Security headers on every answer, errors included")
  void everyAnswer_hasSecurityHeaders() {
    for (Answer answer :
        List.of(
            as(keyOf(Visitor.READ_ONLY), "/telemetry"),
            as(null, "/telemetry"),
            as(null, "/health"),
            as(null, "/nowhere"),
            as(keyOf(Visitor.READ_ONLY), "/telemetry?range=x"),
            post("{", "apikey", keyOf(Visitor.INGEST_ONLY)),
            send("DELETE", "/events", BodyPublishers.noBody()),
            // Jetty's own answer.
            as(null, "/%2e%2e/telemetry"))) {
      assertThat(answer.header("x-content-type-options")).contains("nosniff");
      assertThat(answer.header("content-security-policy"))
          .contains("default-src 'none'; frame-ancestors 'none'");
      assertThat(answer.header("referrer-policy")).contains("no-referrer");
      assertThat(answer.header("cache-control")).contains("no-store");
      assertThat(answer.header("server")).isEmpty();
    }
  }
}
