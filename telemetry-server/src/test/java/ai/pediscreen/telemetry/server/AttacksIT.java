package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.Gzip;
import ai.pediscreen.telemetry.server.http.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody with a key for one organisation, or without any, does to the packaged server with a
 * heap of 256 MB, while another organisation's client sends an event now and then. That client is
 * served, and the server is the same afterwards.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AttacksIT {

  private static final String ADMIN_KEY = "k7Tq2mXw9ZrB4vNc8sLd3fHj6gPy1aQe5uRo";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static @TempDir Path directory;

  private final AtomicInteger ids = new AtomicInteger();
  private ServerProcess server;
  private String attacker;
  private String neighbour;

  @BeforeAll
  void start() {
    Map<String, String> settings = PostgresServer.newDatabase();
    settings.put("AUTH", "required");
    settings.put("INIT_ADMIN_KEY", ADMIN_KEY);
    settings.put("MAX_CONNECTIONS", "400");
    server = ServerProcess.start(directory, settings, ServerProcess.freePort());
    attacker = key("org-attacker");
    neighbour = key("org-neighbour");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  @Order(1)
  void answersToRefusedBatches_areSmall_underLoad() {
    byte[] faults = Gzip.of("[" + "{},".repeat(9_999) + "{}]");
    assertThat(faults).hasSizeLessThan(200);

    besideANeighbour(
        () -> {
          List<CompletableFuture<HttpResponse<String>>> answers =
              IntStream.range(0, 150).mapToObj(i -> postGzip(faults)).toList();
          List<HttpResponse<String>> answered = answered(answers);
          assertThat(answered).isNotEmpty();
          for (HttpResponse<String> answer : answered) {
            assertThat(answer.statusCode()).isIn(422, 503);
            assertThat(answer.body()).hasSizeLessThan(40_000);
          }
        });
  }

  @Test
  @Order(2)
  void batchesThatGrowWhenDecoded_areStored_orCanBeResent() {
    String request = "{\"a\":[" + "{},".repeat(510) + "{}]}";

    besideANeighbour(
        () -> {
          List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
          for (int sender = 0; sender < 3; sender++) {
            String name = "grows-" + sender + "-";
            byte[] batch =
                Gzip.of(
                    IntStream.range(0, 10_000)
                        .mapToObj(i -> event(name + i, ",\"request\":" + request))
                        .collect(Collectors.joining(",", "[", "]")));
            answers.add(postGzip(batch));
          }
          for (HttpResponse<String> answer : answered(answers)) {
            assertThat(answer.statusCode()).as(answer.body()).isIn(202, 503);
          }
        });
  }

  @Test
  @Order(3)
  void emptyGzipMembers_areIgnored() {
    byte[] one = Gzip.of("");
    byte[] many = new byte[one.length * 10_000];
    for (int i = 0; i < 10_000; i++) {
      System.arraycopy(one, 0, many, i * one.length, one.length);
    }

    assertThat(postGzip(many).join().statusCode()).isEqualTo(400);
  }

  @Test
  @Order(4)
  void slowRequestsAndIdleConnections_doNotAffectOthers() throws IOException {
    List<RawConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < 600; i++) {
        RawConnection connection = new RawConnection(server.uri(""));
        connections.add(connection);
        switch (i % 3) {
          case 0 -> connection.send("GET /telem");
          case 1 -> connection.send(head(attacker, 1_000) + "{");
          default -> {}
        }
      }
      besideANeighbour(
          () -> assertThat(Http.get(server.uri("/livez")).statusCode()).isEqualTo(200));
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  @Order(5)
  void wrongKeys_doNotBlockValidOnes() {
    AtomicBoolean ended = new AtomicBoolean();
    List<CompletableFuture<Void>> guessers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      guessers.add(
          CompletableFuture.runAsync(
              () -> {
                while (!ended.get()) {
                  String wrong =
                      "pst_%016d_%064d".formatted(ids.incrementAndGet(), ids.incrementAndGet());
                  assertThat(send("GET", "/telemetry", null, wrong).statusCode())
                      .isIn(401, 429, 503);
                }
              }));
    }
    besideANeighbour(
        () -> {
          for (int i = 0; i < 50; i++) {
            assertThat(send("GET", "/telemetry", null, neighbour).statusCode()).isEqualTo(200);
          }
        });
    ended.set(true);
    guessers.forEach(CompletableFuture::join);
  }

  @Test
  @Order(6)
  void afterAllAttacks_nothingHasRunOut_andItStopsInOrder() throws Exception {
    List<RawConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        RawConnection drips = new RawConnection(server.uri(""));
        connections.add(drips);
        drips.send(i % 2 == 0 ? "GET /telem" : head(attacker, 1_000) + "{");
      }
      for (String path : List.of("/telemetry/stream", "/events.csv", "/events.ndjson")) {
        RawConnection unread = new RawConnection(server.uri(""));
        connections.add(unread);
        unread.send("GET " + path + " HTTP/1.1\r\nHost: x\r\napikey: " + ADMIN_KEY + "\r\n\r\n");
      }
      assertThat(send("GET", "/telemetry", null, ADMIN_KEY).statusCode()).isEqualTo(200);

      int status = server.stop(Duration.ofSeconds(12));

      assertThat(status).isEqualTo(143);
      assertThat(server.output())
          .doesNotContain("OutOfMemory")
          .doesNotContain("StackOverflow")
          .doesNotContain("ERROR");
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  /**
   * Another organisation's client sends events while the attack lasts, each again until it is
   * stored, as clients do.
   */
  private void besideANeighbour(Runnable attack) {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Integer> served =
        CompletableFuture.supplyAsync(
            () -> {
              int count = 0;
              do {
                String body = event("neighbour-" + ids.incrementAndGet(), "");
                Waiting.until("it is stored", LIMIT, () -> isStored(body));
                count++;
              } while (!ended.get());
              return count;
            });
    try {
      attack.run();
    } finally {
      ended.set(true);
    }
    assertThat(served.join()).isPositive();
  }

  private boolean isStored(String body) {
    int status = send("POST", "/events", body, neighbour).statusCode();
    assertThat(status).isIn(202, 503);
    return status == 202;
  }

  /** What the attacker is told, if it is told anything: its connections may be closed. */
  private static List<HttpResponse<String>> answered(
      List<CompletableFuture<HttpResponse<String>>> answers) {
    List<HttpResponse<String>> answered = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      answer
          .handle((response, failure) -> Optional.ofNullable(response))
          .join()
          .ifPresent(answered::add);
    }
    return answered;
  }

  private CompletableFuture<HttpResponse<String>> postGzip(byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/events"))
            .header("apikey", attacker)
            .header("Content-Encoding", "gzip")
            .timeout(Duration.ofSeconds(60))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return CLIENT.sendAsync(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path, @Nullable String body, String key) {
    URI uri = server.uri(path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("apikey", key)
            .timeout(Duration.ofSeconds(60))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      return sendAgain(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As any sender does that had no answer: events count once. */
  private static HttpResponse<String> sendAgain(HttpRequest request)
      throws IOException, InterruptedException {
    IOException last = new IOException("not sent");
    for (int attempt = 0; attempt < 3; attempt++) {
      try {
        return CLIENT.send(request, BodyHandlers.ofString());
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private String key(String org) {
    String body = "{\"org_id\":\"%s\",\"scopes\":[\"ingest\",\"read\"]}".formatted(org);
    HttpResponse<String> answer = send("POST", "/keys", body, ADMIN_KEY);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return answer.body().replaceAll("(?s).*\"key\":\"([^\"]+)\".*", "$1");
  }

  private static String head(String key, int length) {
    return "POST /events HTTP/1.1\r\nHost: x\r\napikey: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(key, length);
  }

  private static String event(String id, String more) {
    return "{\"event_id\":\"%s\",\"timestamp\":\"%s\"%s}".formatted(id, Instant.now(), more);
  }
}
