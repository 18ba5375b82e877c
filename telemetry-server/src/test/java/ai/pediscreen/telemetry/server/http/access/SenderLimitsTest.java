package ai.pediscreen.telemetry.server.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.server.http.Answer;
import ai.pediscreen.telemetry.server.http.HttpContract;
import ai.pediscreen.telemetry.server.http.InMemoryServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a sender hears that is over a limit of its own. */
final class SenderLimitsTest {

  private @Nullable InMemoryServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  @DisplayName("429 with `Retry-After` when a sender is over its own limit")
  void eventLimit_isSharedByAllKeysOfAnOrganisation_only() {
    InMemoryServer limited = start(new SenderRates(null, 5, false), true);
    String first = key(limited, "org-a", null);
    String second = key(limited, "org-a", null);
    String other = key(limited, "org-b", null);

    Answer batch = post(limited, batch("a", 25), first);
    Answer refused = post(limited, HttpContract.event("one-more").toString(), second);

    assertThat(batch.status()).as("a batch is taken whole, and paid for after").isEqualTo(202);
    assertThat(batch.header("RateLimit-Limit")).contains("5");
    assertThat(batch.header("RateLimit-Remaining")).contains("0");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().path("error_code").textValue()).isEqualTo("TOO_MANY_REQUESTS");
    assertThat(refused.json().path("message").textValue()).isEqualTo("more than 5 events a second");
    assertThat(number(refused, "Retry-After")).isBetween(2, 5);
    assertThat(number(refused, "RateLimit-Reset")).isBetween(3, 6);
    assertThat(refused.header("RateLimit-Remaining")).contains("0");
    assertThat(post(limited, batch("b", 3), other).status()).isEqualTo(202);
    assertThat(limited.scrape()).contains("telemetry_http_limited_total{limit=\"events\"} 1.0");
  }

  @Test
  void key_canHaveItsOwnLimit() {
    InMemoryServer limited = start(SenderRates.UNLIMITED, true);
    String slow = key(limited, "org-a", 1);
    String free = key(limited, "org-a", null);

    assertThat(post(limited, batch("a", 100), slow).status()).isEqualTo(202);
    assertThat(post(limited, batch("b", 1), slow).status()).isEqualTo(429);
    Answer unlimited = post(limited, batch("c", 100), free);
    assertThat(unlimited.status()).isEqualTo(202);
    assertThat(unlimited.header("RateLimit-Limit")).isEmpty();
  }

  @Test
  void requests_areLimited_onEveryRouteWithAKey() {
    InMemoryServer limited = start(new SenderRates(2, null, false), true);
    String key = key(limited, "org-a", null);
    int refused = 0;
    for (int i = 0; i < 20; i++) {
      Answer answer = get(limited, "/telemetry", key);
      if (answer.status() == 429) {
        refused++;
        assertThat(number(answer, "Retry-After")).isEqualTo(1);
        assertThat(answer.header("RateLimit-Limit")).contains("2");
      }
    }

    assertThat(refused).isPositive();
    assertThat(get(limited, "/livez", key).status()).isEqualTo(200);
    assertThat(get(limited, "/telemetry", key(limited, "org-b", null)).status()).isEqualTo(200);
  }

  @Test
  void withoutKeys_theAddressIsLimited() {
    InMemoryServer limited = start(new SenderRates(null, 1, false), false);

    assertThat(post(limited, batch("a", 50), null).status()).isEqualTo(202);
    assertThat(post(limited, batch("b", 1), null).status()).isEqualTo(429);
  }

  private InMemoryServer start(SenderRates rates, boolean authRequired) {
    InMemoryServer started = InMemoryServer.startWith(rates, authRequired);
    server = started;
    return started;
  }

  private static String key(InMemoryServer server, String org, @Nullable Integer eventsPerSecond) {
    KeySecret secret = KeySecret.generate();
    assertThat(
            server
                .keys()
                .add(secret, org, Set.of(KeyScope.INGEST, KeyScope.READ), null, eventsPerSecond)
                .eventsPerSecond())
        .isEqualTo(eventsPerSecond);
    return secret.reveal();
  }

  private static Answer post(InMemoryServer server, String body, @Nullable String key) {
    String[] headers = key == null ? new String[0] : new String[] {"apikey", key};
    return HttpContract.send(
        server.uri(), "POST", "/events", BodyPublishers.ofString(body), headers);
  }

  private static Answer get(InMemoryServer server, String path, String key) {
    return HttpContract.send(server.uri(), "GET", path, BodyPublishers.noBody(), "apikey", key);
  }

  private static String batch(String name, int events) {
    return IntStream.range(0, events)
        .mapToObj(i -> HttpContract.event(name + "-" + i).toString())
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static int number(Answer answer, String header) {
    return Integer.parseInt(answer.header(header).orElseThrow());
  }
}
