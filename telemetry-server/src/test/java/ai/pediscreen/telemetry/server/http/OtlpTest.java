package ai.pediscreen.telemetry.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.otlp.Fixture;
import com.google.rpc.Status;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OtlpTest extends OtlpContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.start();
  }

  @Test
  void unavailableStore_is503_inTheEncodingOfTheRequest() throws Exception {
    EventStore away =
        events -> {
          throw new StoreUnavailableException("no route to 10.0.0.7");
        };
    try (InMemoryServer troubled = InMemoryServer.startOverStore(away)) {
      Answer answer =
          send(
              troubled.uri(),
              "POST",
              "/v1/traces",
              BodyPublishers.ofByteArray(request(calls(0, 3)).toByteArray()),
              "Content-Type",
              PROTOBUF);

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After").orElseThrow()).matches("\\d+");
      assertThat(answer.header("Content-Type")).contains(PROTOBUF);
      assertThat(Status.parseFrom(answer.response().body()).getCode()).isEqualTo(14);
      assertThat(answer.text()).doesNotContain("10.0.0.7");
    }
  }

  @Test
  void randomlyChangedRequests_neverFailTheServer() {
    int requests = Integer.getInteger("telemetry.fuzz.requests", 2_000);
    long seed = Long.getLong("telemetry.test.seed", System.nanoTime());
    System.out.println("telemetry.test.seed=" + seed);
    Random random = new Random(seed);
    byte[] protobuf = request(calls(0, 4)).toByteArray();
    byte[] json = Fixture.of("openlit").request().toString().getBytes(UTF_8);
    for (int i = 0; i < requests; i++) {
      boolean binary = random.nextBoolean();
      byte[] body = mutated(binary ? protobuf : json, random);
      String path = random.nextInt(10) == 0 ? "/v1/metrics" : "/v1/traces";
      Answer answer =
          otlp(random.nextInt(10) == 0 ? "/v1/logs" : path, body, binary ? PROTOBUF : JSON);
      assertThat(answer.status()).as(HexFormat.of().formatHex(body)).isIn(200, 400, 413);
    }
    assertThat(get("/livez").status()).isEqualTo(200);
    assertThat(otlp("/v1/traces", protobuf, PROTOBUF).status()).isEqualTo(200);
  }

  @Test
  void spanIds_areNotTakenForIdentifiers() {
    Random random = new Random(7);
    byte[] id = new byte[24];
    for (int i = 0; i < 200_000; i++) {
      random.nextBytes(id);
      String eventId = HexFormat.of().formatHex(id);
      assertThat(PhiGuard.find(eventId)).as(eventId).isEmpty();
    }
  }

  private static byte[] mutated(byte[] body, Random random) {
    byte[] mutated = body.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(mutated.length);
      switch (random.nextInt(4)) {
        case 0 -> mutated[at] = (byte) random.nextInt(256);
        case 1 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> mutated = Arrays.copyOf(mutated, 1 + at);
        default -> {
          int length = Math.min(mutated.length - at, random.nextInt(40));
          System.arraycopy(
              mutated, random.nextInt(mutated.length - length + 1), mutated, at, length);
        }
      }
    }
    return mutated;
  }
}
