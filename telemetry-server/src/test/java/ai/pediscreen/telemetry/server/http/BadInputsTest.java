package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.BadInputs.BadInput;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bad input of the catalogue gets the answer that says what is wrong, and changes nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputsTest {

  private final InMemoryServer server = InMemoryServer.start();

  @BeforeAll
  void isEmpty() {
    assertThat(total()).isZero();
  }

  @AfterAll
  void isStillEmpty() {
    try {
      assertThat(total()).isZero();
    } finally {
      server.close();
    }
  }

  static List<BadInput> inputs() {
    return BadInputs.all();
  }

  @Test
  void catalogue_hasManyInputs_eachOnce() {
    assertThat(inputs()).hasSizeGreaterThan(150).doesNotHaveDuplicates();
    assertThat(inputs()).extracting(BadInput::name).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void aBadInput_isRefused_withItsReason(BadInput input) {
    Answer answer =
        HttpContract.send(
            server.uri(),
            input.method(),
            input.path(),
            input.body().length == 0 && input.method().equals("GET")
                ? BodyPublishers.noBody()
                : BodyPublishers.ofByteArray(input.body()),
            input.headers().toArray(String[]::new));

    assertThat(answer.status()).as(answer.toString()).isEqualTo(input.status());
    if (!input.errorCode().isEmpty()) {
      assertThat(answer.json().path("error_code").textValue()).isEqualTo(input.errorCode());
    }
    if (input.field() != null) {
      assertThat(answer.json().path("errors"))
          .extracting(error -> error.path("field").textValue())
          .allSatisfy(field -> assertThat(field).startsWith(input.field()));
      assertThat(answer.json().path("errors")).isNotEmpty();
    }
  }

  private long total() {
    JsonNode overview =
        HttpContract.send(server.uri(), "GET", "/telemetry?range=90d", BodyPublishers.noBody())
            .json();
    return overview.path("total_requests").longValue();
  }
}
