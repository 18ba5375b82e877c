package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.Waiting;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What senders see when more of them send than can be answered in time. */
final class AdmissionTest {

  private static final int LET_IN = 500;
  private static final int REFUSED = 100;

  private final HttpClient client = HttpClient.newHttpClient();
  private final HangingStore store = new HangingStore();

  @Test
  void moreRequestsThanCanBeAnsweredInTime_areRefused_andThoseUnderWayAreStored() {
    try (InMemoryServer server = InMemoryServer.startOverStore(store)) {
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, LET_IN + REFUSED).mapToObj(i -> post(server, i)).toList();
      Waiting.until(
          "some are refused",
          Duration.ofSeconds(30),
          () -> answers.stream().filter(CompletableFuture::isDone).count() >= REFUSED);
      store.release();

      List<HttpResponse<String>> refused =
          answers.stream()
              .map(CompletableFuture::join)
              .filter(answer -> answer.statusCode() != 202)
              .toList();
      assertThat(refused)
          .hasSizeBetween(REFUSED, LET_IN + REFUSED - 1)
          .allSatisfy(
              answer -> {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.body()).contains("STORE_UNAVAILABLE");
              });
    } finally {
      store.release();
    }
  }

  private CompletableFuture<HttpResponse<String>> post(InMemoryServer server, int number) {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/events"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(HttpContract.event("e-" + number).toString()))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }
}
