package ai.pediscreen.telemetry.server.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceFileTest {

  @TempDir private Path directory;

  @Test
  void shippedExample_canBeUsed() {
    PriceList prices = PriceFile.read("../deploy/prices.json");

    assertThat(prices.size()).isGreaterThan((int) prices.models());
    TelemetryEvent before = called("o3", "2025-06-09T23:59:59Z");
    TelemetryEvent after = called("o3", "2025-06-10T00:00:00Z");
    assertThat(prices.cost(before))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("0.00005"));
    assertThat(prices.cost(after))
        .hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("0.00001"));
  }

  @Test
  void decimals_areReadExactly() throws IOException {
    PriceList prices =
        read(
            """
            {"prices": [{"model": "m", "from": "2026-01-31T12:00:00Z", "input": 0.1,
                "output": "0.123456789012", "cache_read": 1e-3, "provider": "p"}]}
            """);

    TelemetryEvent event =
        TelemetryEvent.builder("e", Instant.parse("2026-02-01T00:00:00Z"))
            .model("m")
            .provider("p")
            .tokens(1, 1)
            .build();
    assertThat(prices.cost(event)).contains(new BigDecimal("0.000000223456789012"));
  }

  @Test
  void everyFault_isListedAtOnce_withItsPlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                read(
                    """
                    {"prices": [
                      {"model": "a*b", "from": "2026-02-30", "input": -1, "output": "1,5"},
                      {"model": " ", "from": 20260101, "input": 1e-13, "output": 1000001},
                      {"modle": "m", "from": "2026-01-01", "input": 1, "output": true},
                      7,
                      {"model": "m", "from": "2026-01-01", "input": 1, "output": 1},
                      {"model": "m", "from": "2026-01-01T00:00:00Z", "input": 2, "output": 1},
                      {"model": "m", "provider": "", "from": "2026-01-01", "input": 1, "output": 1}
                    ]}
                    """))
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).lines())
                    .anyMatch(line -> line.startsWith("prices[0].model may have * at its end"))
                    .anyMatch(line -> line.startsWith("prices[0].from must be a UTC day"))
                    .anyMatch(line -> line.startsWith("prices[0].input must be US dollars"))
                    .anyMatch(line -> line.startsWith("prices[0].output must be US dollars"))
                    .anyMatch(line -> line.startsWith("prices[1].model must be the name"))
                    .anyMatch(line -> line.startsWith("prices[1].from"))
                    .anyMatch(line -> line.startsWith("prices[1].input"))
                    .anyMatch(line -> line.startsWith("prices[1].output"))
                    .anyMatch(line -> line.startsWith("prices[2] has no field modle"))
                    .anyMatch(line -> line.startsWith("prices[2].model must be"))
                    .anyMatch(line -> line.startsWith("prices[2].output"))
                    .anyMatch(line -> line.equals("prices[3] must be an object"))
                    .anyMatch(line -> line.startsWith("prices[5] has the model, provider and from"))
                    .anyMatch(line -> line.equals("prices[6].provider must be a text"))
                    .hasSize(14));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"prices\": []}",
        "{\"prices\": {}}",
        "{\"prices\": [{}], \"more\": 1}",
        "{\"prices\": [{}]} {}",
        "{\"prices\": [{}], \"prices\": [{}]}"
      })
  void invalidPriceList_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(text))
        .withMessageStartingWith("names a file that is ");
  }

  @Test
  void missingFile_isReportedWithItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PriceFile.read("nowhere.json"))
        .withMessage("names a file that cannot be read: nowhere.json");
  }

  private PriceList read(String text) throws IOException {
    Path file = directory.resolve("prices.json");
    Files.writeString(file, text);
    return PriceFile.read(file.toString());
  }

  private static TelemetryEvent called(String model, String timestamp) {
    return TelemetryEvent.builder("e", Instant.parse(timestamp))
        .model(model)
        .provider("openai")
        .tokens(1, 1)
        .build();
  }
}
