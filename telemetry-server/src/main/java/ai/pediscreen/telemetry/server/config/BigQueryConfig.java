package ai.pediscreen.telemetry.server.config;

import ai.pediscreen.telemetry.bigquery.BigQuerySettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery, and what is done there. Immutable.
 *
 * @param dataset the dataset that events may be exported to; null if none is named
 * @param exporting whether events and aggregates are exported to it
 * @param answering whether questions about usage are answered there, and not by the database
 */
public record BigQueryConfig(
    @Nullable BigQuerySettings dataset, boolean exporting, boolean answering) {

  static final Settings SETTINGS = new Settings();

  private static final int GIBIBYTE_BITS = 30;

  private static final Setting<Boolean> ENABLE_BIGQUERY =
      SETTINGS.withDefault("ENABLE_BIGQUERY", "false", Forms::flag, "`true`: export to BigQuery");

  private static final Setting<String> BIGQUERY_PROJECT =
      SETTINGS.optional("BIGQUERY_PROJECT", Function.identity(), "the project that is exported to");

  private static final Setting<String> BIGQUERY_DATASET =
      SETTINGS.withDefault(
          "BIGQUERY_DATASET",
          BigQuerySettings.DEFAULT_DATASET,
          Function.identity(),
          "the dataset there");

  private static final Setting<String> BIGQUERY_LOCATION =
      SETTINGS.optional(
          "BIGQUERY_LOCATION",
          "the service's",
          Function.identity(),
          "where a missing dataset is created, such as `EU`");

  private static final Setting<Path> GOOGLE_APPLICATION_CREDENTIALS =
      SETTINGS.optional(
          "GOOGLE_APPLICATION_CREDENTIALS",
          Forms::readableFile,
          "a key file; unset: the machine's metadata server");

  private static final Setting<URI> BIGQUERY_ENDPOINT =
      SETTINGS.optional(
          "BIGQUERY_ENDPOINT",
          "Google's",
          Forms::endpoint,
          "REST address of an emulator (`http://host:port`, without credentials) or of a region"
              + " (`https://`)");

  private static final Setting<URI> BIGQUERY_WRITE_ENDPOINT =
      SETTINGS.optional(
          "BIGQUERY_WRITE_ENDPOINT",
          "Google's",
          Forms::endpoint,
          "the same of the Storage Write API, over gRPC");

  private static final Setting<Boolean> QUERY_ENGINE =
      SETTINGS.withDefault(
          "QUERY_ENGINE",
          "postgres",
          Forms.oneOf("postgres", "bigquery").andThen("bigquery"::equals),
          "`bigquery`: usage queries are answered by BigQuery");

  private static final Setting<Long> BIGQUERY_MAX_GIB_PER_QUERY =
      SETTINGS.withDefault(
          "BIGQUERY_MAX_GIB_PER_QUERY",
          gibibytes(BigQuerySettings.DEFAULT_MAX_BYTES_PER_QUERY),
          bytes(),
          "how many GiB one query may read in BigQuery");

  private static final Setting<Long> BIGQUERY_MAX_GIB_PER_DAY =
      SETTINGS.withDefault(
          "BIGQUERY_MAX_GIB_PER_DAY",
          gibibytes(BigQuerySettings.DEFAULT_MAX_BYTES_PER_DAY),
          bytes(),
          "how many GiB all queries of one server may read there in a UTC day");

  static BigQueryConfig read(Environment environment) {
    boolean exporting = environment.get(ENABLE_BIGQUERY);
    boolean answering = environment.get(QUERY_ENGINE);
    if (answering && !exporting) {
      environment.fault("QUERY_ENGINE=bigquery needs ENABLE_BIGQUERY=true and BIGQUERY_PROJECT");
    }
    String project = environment.find(BIGQUERY_PROJECT);
    if (exporting && project == null) {
      environment.fault(BIGQUERY_PROJECT, "must be set when ENABLE_BIGQUERY is");
    }
    BigQuerySettings dataset = project == null ? null : dataset(environment, project);
    return new BigQueryConfig(dataset, exporting, answering);
  }

  private static @Nullable BigQuerySettings dataset(Environment environment, String project) {
    try {
      return BigQuerySettings.of(project, environment.get(BIGQUERY_DATASET))
          .withLocation(environment.find(BIGQUERY_LOCATION))
          .withCredentials(environment.find(GOOGLE_APPLICATION_CREDENTIALS))
          .withEndpoints(
              environment.find(BIGQUERY_ENDPOINT), environment.find(BIGQUERY_WRITE_ENDPOINT))
          .withQueryLimits(
              environment.get(BIGQUERY_MAX_GIB_PER_QUERY),
              environment.get(BIGQUERY_MAX_GIB_PER_DAY),
              BigQuerySettings.DEFAULT_QUERY_TIMEOUT);
    } catch (IllegalArgumentException e) {
      // The message begins with the name of the part that is wrong.
      String[] fault = String.valueOf(e.getMessage()).split(" ", 2);
      environment.fault("BIGQUERY_" + fault[0].toUpperCase(Locale.ROOT) + " " + fault[1]);
      return null;
    }
  }

  /**
   * The dataset, for what is of no use without one.
   *
   * @throws InvalidConfigurationException if no project is named
   */
  public BigQuerySettings requireDataset() {
    if (dataset == null) {
      throw new InvalidConfigurationException(List.of("BIGQUERY_PROJECT must be set"));
    }
    return dataset;
  }

  private static String gibibytes(long bytes) {
    return Long.toString(bytes >> GIBIBYTE_BITS);
  }

  private static Function<String, Long> bytes() {
    return Forms.integer(1, 1_000_000).andThen(number -> (long) number << GIBIBYTE_BITS);
  }
}
