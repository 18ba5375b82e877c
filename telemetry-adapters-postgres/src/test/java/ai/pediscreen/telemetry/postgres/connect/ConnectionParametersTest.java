package ai.pediscreen.telemetry.postgres.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionParametersTest {

  @Test
  void text_hasNoPassword_alsoNotThatOfTheUrl() {
    ConnectionParameters parameters =
        new ConnectionParameters(
            "jdbc:postgresql://a/t?password=secret-1", "user", "secret-2", "pedi_telemetry");

    assertThat(parameters.toString()).contains("pedi_telemetry").doesNotContain("secret");
  }
}
