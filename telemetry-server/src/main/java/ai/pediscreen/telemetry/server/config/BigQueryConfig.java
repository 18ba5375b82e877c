package ai.pediscreen.telemetry.server.config;

import ai.pediscreen.telemetry.bigquery.BigQuerySettings;
import ai.pediscreen.telemetry.server.url.UrlParts;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The settings of BigQuery. */
public final class BigQueryConfig {

  private static final String CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS";

  private static final int GIBIBYTE_BITS = 30;

  private BigQueryConfig() {}

  /**
   * The dataset, or null if no project is named.
   *
   * @param needed whether that is a fault
   */
  static @Nullable BigQuerySettings read(Environment environment, boolean needed) {
    String project = environment.text("BIGQUERY_PROJECT");
    if (project == null) {
      if (needed) {
        environment.fault("BIGQUERY_PROJECT must be set when ENABLE_BIGQUERY is");
      }
      return null;
    }
    try {
      return BigQuerySettings.of(
              project, environment.text("BIGQUERY_DATASET", BigQuerySettings.DEFAULT_DATASET))
          .withLocation(environment.text("BIGQUERY_LOCATION"))
          .withCredentials(credentials(environment))
          .withEndpoints(
              endpoint(environment, "BIGQUERY_ENDPOINT"),
              endpoint(environment, "BIGQUERY_WRITE_ENDPOINT"))
          .withQueryLimits(
              gibibytes(
                  environment,
                  "BIGQUERY_MAX_GIB_PER_QUERY",
                  BigQuerySettings.DEFAULT_MAX_BYTES_PER_QUERY),
              gibibytes(
                  environment,
                  "BIGQUERY_MAX_GIB_PER_DAY",
                  BigQuerySettings.DEFAULT_MAX_BYTES_PER_DAY),
              BigQuerySettings.DEFAULT_QUERY_TIMEOUT);
    } catch (IllegalArgumentException e) {
      // The message begins with the name of the part that is wrong.
      String[] fault = String.valueOf(e.getMessage()).split(" ", 2);
      environment.fault("BIGQUERY_" + fault[0].toUpperCase(Locale.ROOT) + " " + fault[1]);
      return null;
    }
  }

  /** Whether questions are answered by BigQuery, for which events have to go there. */
  static boolean isQueryEngine(Environment environment, boolean exporting) {
    String engine = environment.oneOf("QUERY_ENGINE", "postgres", List.of("postgres", "bigquery"));
    boolean asked = engine.equals("bigquery");
    if (asked && !exporting) {
      environment.fault("QUERY_ENGINE=bigquery needs ENABLE_BIGQUERY=true and BIGQUERY_PROJECT");
    }
    return asked;
  }

  /**
   * The dataset of a command that is of no use without one.
   *
   * @throws InvalidConfigurationException if no project is named
   */
  public static BigQuerySettings require(ServerConfig config) {
    BigQuerySettings settings = config.bigQuery();
    if (settings == null) {
      throw new InvalidConfigurationException(List.of("BIGQUERY_PROJECT must be set"));
    }
    return settings;
  }

  private static long gibibytes(Environment environment, String name, long fallbackBytes) {
    int fallback = (int) (fallbackBytes >> GIBIBYTE_BITS);
    return (long) environment.integer(name, fallback, 1, 1_000_000) << GIBIBYTE_BITS;
  }

  private static @Nullable URI endpoint(Environment environment, String name) {
    String text = environment.text(name);
    if (text == null) {
      return null;
    }
    try {
      URI uri = URI.create(text);
      if (UrlParts.namesHost(uri) && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as another scheme is.
    }
    environment.fault(name + " must be http://host:port or https://host:port");
    return null;
  }

  private static @Nullable Path credentials(Environment environment) {
    String file = environment.text(CREDENTIALS);
    if (file == null) {
      return null;
    }
    try {
      if (Files.isReadable(Path.of(file))) {
        return Path.of(file);
      }
      environment.fault(CREDENTIALS + " names a file that cannot be read: " + file);
    } catch (InvalidPathException e) {
      environment.fault(CREDENTIALS + " must be a path");
    }
    return null;
  }
}
