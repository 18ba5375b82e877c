package ai.pediscreen.telemetry.bigquery;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry in Google BigQuery: hands out the ports over one dataset. Nothing is connected to
 * before it is needed, and nothing is waited for: a program starts the same without BigQuery.
 *
 * <p>Thread-safe. Whoever opened it closes it, after everything that uses its ports.
 */
public final class BigQueryTelemetry implements AutoCloseable {

  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  private final BigQuerySettings settings;
  private @Nullable BigQuery client;

  private BigQueryTelemetry(BigQuerySettings settings) {
    this.settings = settings;
  }

  /** Remembers where the dataset is; connects to nothing yet. */
  public static BigQueryTelemetry open(BigQuerySettings settings) {
    return new BigQueryTelemetry(settings);
  }

  /** Closes what was opened. */
  @Override
  public void close() {}

  /** The REST API, made when it is first needed, without retries of its own. */
  synchronized BigQuery client() {
    if (client == null) {
      BigQueryOptions.Builder options =
          BigQueryOptions.newBuilder()
              .setProjectId(settings.project())
              .setCredentials(credentials(settings.endpoint()));
      if (settings.endpoint() != null) {
        options.setHost(settings.endpoint().toString());
      }
      client = options.build().getService();
    }
    return client;
  }

  private static Credentials credentials(@Nullable URI endpoint) {
    if (endpoint != null && "http".equals(endpoint.getScheme())) {
      return NoCredentials.getInstance();
    }
    try {
      return GoogleCredentials.getApplicationDefault().createScoped(SCOPE);
    } catch (IOException e) {
      throw new UncheckedIOException("no Google credentials", e);
    }
  }
}
