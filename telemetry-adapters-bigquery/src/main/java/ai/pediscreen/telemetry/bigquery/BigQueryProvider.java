package ai.pediscreen.telemetry.bigquery;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.warehouse.WarehouseProvider;
import ai.pediscreen.telemetry.warehouse.WarehouseSetting;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** BigQuery by the server's settings. Immutable. */
public final class BigQueryProvider implements WarehouseProvider {

  private static final int GIBIBYTE_BITS = 30;
  private static final int MAX_GIBIBYTES = 1_000_000;

  private static final WarehouseSetting PROJECT =
      setting("BIGQUERY_PROJECT", "unset", "the project that is exported to");

  private static final WarehouseSetting DATASET =
      setting(
          "BIGQUERY_DATASET", "`" + BigQuerySettings.DEFAULT_DATASET + "`", "the dataset there");

  private static final WarehouseSetting LOCATION =
      setting(
          "BIGQUERY_LOCATION", "the service's", "where a missing dataset is created, such as `EU`");

  private static final WarehouseSetting CREDENTIALS =
      setting(
          "GOOGLE_APPLICATION_CREDENTIALS",
          "unset",
          "a key file; unset: the machine's metadata server");

  private static final WarehouseSetting ENDPOINT =
      setting(
          "BIGQUERY_ENDPOINT",
          "Google's",
          "REST address of an emulator (`http://host:port`, without credentials) or of a region"
              + " (`https://`)");

  private static final WarehouseSetting WRITE_ENDPOINT =
      setting(
          "BIGQUERY_WRITE_ENDPOINT", "Google's", "the same of the Storage Write API, over gRPC");

  private static final WarehouseSetting MAX_GIB_PER_QUERY =
      setting(
          "BIGQUERY_MAX_GIB_PER_QUERY",
          "`" + gibibytes(BigQuerySettings.DEFAULT_MAX_BYTES_PER_QUERY) + "`",
          "how many GiB one query may read in BigQuery");

  private static final WarehouseSetting MAX_GIB_PER_DAY =
      setting(
          "BIGQUERY_MAX_GIB_PER_DAY",
          "`" + gibibytes(BigQuerySettings.DEFAULT_MAX_BYTES_PER_DAY) + "`",
          "how many GiB all queries of one server may read there in a UTC day");

  @Override
  public String name() {
    return "BigQuery";
  }

  @Override
  public List<WarehouseSetting> settings() {
    return List.of(
        PROJECT,
        DATASET,
        LOCATION,
        CREDENTIALS,
        ENDPOINT,
        WRITE_ENDPOINT,
        MAX_GIB_PER_QUERY,
        MAX_GIB_PER_DAY);
  }

  @Override
  public BigQuerySettings read(Map<String, String> values) {
    Values read = new Values(values);
    Path credentials = read.find(CREDENTIALS, BigQueryProvider::readableFile);
    URI endpoint = read.find(ENDPOINT, BigQueryProvider::endpoint);
    URI writeEndpoint = read.find(WRITE_ENDPOINT, BigQueryProvider::endpoint);
    Long perQuery = read.find(MAX_GIB_PER_QUERY, BigQueryProvider::bytes);
    Long perDay = read.find(MAX_GIB_PER_DAY, BigQueryProvider::bytes);
    BigQuerySettings settings = null;
    try {
      settings =
          BigQuerySettings.of(
                  requireNonNull(values.get(PROJECT.name()), PROJECT.name()),
                  values.getOrDefault(DATASET.name(), BigQuerySettings.DEFAULT_DATASET))
              .withLocation(values.get(LOCATION.name()))
              .withCredentials(credentials)
              .withEndpoints(endpoint, writeEndpoint)
              .withQueryLimits(
                  perQuery == null ? BigQuerySettings.DEFAULT_MAX_BYTES_PER_QUERY : perQuery,
                  perDay == null ? BigQuerySettings.DEFAULT_MAX_BYTES_PER_DAY : perDay,
                  BigQuerySettings.DEFAULT_QUERY_TIMEOUT);
    } catch (IllegalArgumentException e) {
      // The message begins with the name of the part that is wrong.
      String[] fault = String.valueOf(e.getMessage()).split(" ", 2);
      read.faults.add("BIGQUERY_" + fault[0].toUpperCase(Locale.ROOT) + " " + fault[1]);
    }
    if (settings == null || !read.faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", read.faults));
    }
    return settings;
  }

  private static WarehouseSetting setting(String name, String unset, String meaning) {
    return new WarehouseSetting(name, unset, false, meaning);
  }

  private static String gibibytes(long bytes) {
    return Long.toString(bytes >> GIBIBYTE_BITS);
  }

  private static long bytes(String gibibytes) {
    try {
      int number = Integer.parseInt(gibibytes);
      if (number >= 1 && number <= MAX_GIBIBYTES) {
        return (long) number << GIBIBYTE_BITS;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw new IllegalArgumentException("must be a whole number between 1 and " + MAX_GIBIBYTES);
  }

  private static Path readableFile(String text) {
    try {
      Path file = Path.of(text);
      if (Files.isReadable(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // Answered below, as a file that is not there is.
    }
    throw new IllegalArgumentException("names a file that cannot be read: " + text);
  }

  private static URI endpoint(String text) {
    try {
      URI uri = URI.create(text);
      if (BigQuerySettings.isHttp(uri)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as another scheme is.
    }
    throw new IllegalArgumentException("must be http://host:port or https://host:port");
  }

  /** What is set, and what was found wrong with it. */
  private static final class Values {
    final Map<String, String> given;
    final List<String> faults = new ArrayList<>();

    Values(Map<String, String> given) {
      this.given = given;
    }

    <T> @Nullable T find(WarehouseSetting setting, Function<String, T> form) {
      String text = given.get(setting.name());
      if (text == null) {
        return null;
      }
      try {
        return form.apply(text);
      } catch (IllegalArgumentException e) {
        faults.add(setting.name() + " " + e.getMessage());
        return null;
      }
    }
  }
}
