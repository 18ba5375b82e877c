package ai.pediscreen.telemetry.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.warehouse.WarehouseProvider;
import ai.pediscreen.telemetry.warehouse.WarehouseSetting;
import java.net.URI;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class BigQueryProviderTest {

  private final BigQueryProvider provider = new BigQueryProvider();

  @Test
  void provider_isFound() {
    assertThat(ServiceLoader.load(WarehouseProvider.class))
        .singleElement()
        .isInstanceOf(BigQueryProvider.class);
  }

  @Test
  void firstSetting_saysWhichProject() {
    assertThat(provider.settings())
        .extracting(WarehouseSetting::name)
        .startsWith("BIGQUERY_PROJECT")
        .doesNotHaveDuplicates();
  }

  @Test
  void project_isEnough() {
    assertThat(provider.read(Map.of("BIGQUERY_PROJECT", "p-1")))
        .isEqualTo(BigQuerySettings.of("p-1", "pedi_telemetry"));
  }

  @Test
  void everySetting_isRead() {
    assertThat(
            provider.read(
                Map.of(
                    "BIGQUERY_PROJECT", "p-1",
                    "BIGQUERY_DATASET", "d",
                    "BIGQUERY_LOCATION", "EU",
                    "BIGQUERY_ENDPOINT", "http://localhost:9050",
                    "BIGQUERY_WRITE_ENDPOINT", "http://localhost:9060",
                    "BIGQUERY_MAX_GIB_PER_QUERY", "3",
                    "BIGQUERY_MAX_GIB_PER_DAY", "70")))
        .isEqualTo(
            BigQuerySettings.of("p-1", "d")
                .withLocation("EU")
                .withEndpoints(
                    URI.create("http://localhost:9050"), URI.create("http://localhost:9060"))
                .withQueryLimits(3L << 30, 70L << 30, BigQuerySettings.DEFAULT_QUERY_TIMEOUT));
  }

  @Test
  void everyFault_isALineThatBeginsWithItsSetting() {
    assertThatThrownBy(
            () ->
                provider.read(
                    Map.of(
                        "BIGQUERY_PROJECT", "No Project",
                        "BIGQUERY_WRITE_ENDPOINT", "ftp://x",
                        "BIGQUERY_MAX_GIB_PER_DAY", "0",
                        "GOOGLE_APPLICATION_CREDENTIALS", "/none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            GOOGLE_APPLICATION_CREDENTIALS names a file that cannot be read: /none
            BIGQUERY_WRITE_ENDPOINT must be http://host:port or https://host:port
            BIGQUERY_MAX_GIB_PER_DAY must be a whole number between 1 and 1000000
            BIGQUERY_PROJECT must be lower-case letters, digits and hyphens but is No Project""");
  }
}
