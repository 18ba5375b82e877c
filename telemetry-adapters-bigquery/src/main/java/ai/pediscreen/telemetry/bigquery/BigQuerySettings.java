package ai.pediscreen.telemetry.bigquery;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.warehouse.WarehouseAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which dataset, and how it is reached. Immutable.
 *
 * <p>An endpoint of scheme {@code http} is taken for an emulator and gets no credentials.
 *
 * @param project id of the project that owns the dataset and pays for what is asked
 * @param dataset name of the dataset: letters, digits and underscores
 * @param location where a dataset is made that is not there yet, such as {@code EU} or {@code
 *     europe-west3}; one that is there stays where it is. Null leaves it to the service.
 * @param credentials file with credentials, as Google's console hands it out; null for what is
 *     found by Google's own rules, such as the metadata server of the machine
 * @param endpoint where the REST API is, if not at Google; {@code http} or {@code https}
 * @param writeEndpoint where the Storage Write API (gRPC) is; null for the host and port of {@code
 *     endpoint}, or Google without one
 * @param maxBytesPerQuery how many bytes the service may read, and bill, for one question; at least
 *     1
 * @param maxBytesPerDay how many it may read in a UTC day for all questions of one program; at
 *     least 1
 * @param queryTimeout how long one question may take; 1 ms to 10 min
 */
public record BigQuerySettings(
    String project,
    String dataset,
    @Nullable String location,
    @Nullable Path credentials,
    @Nullable URI endpoint,
    @Nullable URI writeEndpoint,
    long maxBytesPerQuery,
    long maxBytesPerDay,
    Duration queryTimeout)
    implements WarehouseAddress {

  /** The dataset unless another is named. */
  public static final String DEFAULT_DATASET = "pedi_telemetry";

  /** 100 GiB: what one query may read by default. */
  public static final long DEFAULT_MAX_BYTES_PER_QUERY = 100L << 30;

  /** 1 TiB: what all queries of a day may read by default. */
  public static final long DEFAULT_MAX_BYTES_PER_DAY = 1L << 40;

  /** How long a query may take by default. */
  public static final Duration DEFAULT_QUERY_TIMEOUT = Duration.ofSeconds(30);

  private static final int HIGHEST_PORT = 65_535;
  private static final Duration MAX_QUERY_TIMEOUT = Duration.ofMinutes(10);
  private static final Pattern PROJECT = Pattern.compile("[a-z0-9.:-]{1,100}");
  private static final Pattern DATASET = Pattern.compile("[A-Za-z0-9_]{1,1024}");

  public BigQuerySettings {
    requireNonNull(project, "project");
    requireNonNull(dataset, "dataset");
    if (!PROJECT.matcher(project).matches()) {
      throw new IllegalArgumentException(
          "project must be lower-case letters, digits and hyphens but is " + project);
    }
    if (!DATASET.matcher(dataset).matches()) {
      throw new IllegalArgumentException(
          "dataset must be letters, digits and underscores but is " + dataset);
    }
    requireHttp("endpoint", endpoint);
    requireHttp("writeEndpoint", writeEndpoint);
    if (maxBytesPerQuery < 1 || maxBytesPerDay < 1) {
      throw new IllegalArgumentException(
          "limits of bytes must be at least 1 but are %d per query and %d per day"
              .formatted(maxBytesPerQuery, maxBytesPerDay));
    }
    if (queryTimeout.toMillis() < 1 || queryTimeout.compareTo(MAX_QUERY_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "queryTimeout must be between 1 ms and " + MAX_QUERY_TIMEOUT + " but is " + queryTimeout);
    }
  }

  /**
   * A dataset at Google, in the location that the service chooses, by credentials that are found.
   */
  public static BigQuerySettings of(String project, String dataset) {
    return new BigQuerySettings(
        project,
        dataset,
        null,
        null,
        null,
        null,
        DEFAULT_MAX_BYTES_PER_QUERY,
        DEFAULT_MAX_BYTES_PER_DAY,
        DEFAULT_QUERY_TIMEOUT);
  }

  public BigQuerySettings withLocation(@Nullable String value) {
    return new BigQuerySettings(
        project,
        dataset,
        value,
        credentials,
        endpoint,
        writeEndpoint,
        maxBytesPerQuery,
        maxBytesPerDay,
        queryTimeout);
  }

  public BigQuerySettings withCredentials(@Nullable Path value) {
    return new BigQuerySettings(
        project,
        dataset,
        location,
        value,
        endpoint,
        writeEndpoint,
        maxBytesPerQuery,
        maxBytesPerDay,
        queryTimeout);
  }

  /** Elsewhere than at Google: an emulator, or one of the service's regional addresses. */
  public BigQuerySettings withEndpoints(@Nullable URI rest, @Nullable URI write) {
    return new BigQuerySettings(
        project,
        dataset,
        location,
        credentials,
        rest,
        write,
        maxBytesPerQuery,
        maxBytesPerDay,
        queryTimeout);
  }

  /** The limits of queries: bytes that the service reads, and time. */
  public BigQuerySettings withQueryLimits(long bytesPerQuery, long bytesPerDay, Duration timeout) {
    return new BigQuerySettings(
        project,
        dataset,
        location,
        credentials,
        endpoint,
        writeEndpoint,
        bytesPerQuery,
        bytesPerDay,
        timeout);
  }

  @Override
  public String place() {
    return "dataset " + project + "." + dataset;
  }

  @Override
  public BigQueryTelemetry open() {
    return BigQueryTelemetry.open(this);
  }

  /** The full name of a table or view, as GoogleSQL quotes it. */
  String table(String name) {
    return "`%s.%s.%s`".formatted(project, dataset, name);
  }

  private static void requireHttp(String name, @Nullable URI uri) {
    if (uri != null && !isHttp(uri)) {
      throw new IllegalArgumentException(
          name + " must be http://host:port or https://host:port but is " + uri);
    }
  }

  /** Whether it can be the address of a service. */
  static boolean isHttp(URI uri) {
    return uri.getHost() != null
        && uri.getPort() != 0
        && uri.getPort() <= HIGHEST_PORT
        && List.of("http", "https").contains(uri.getScheme());
  }
}
