package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.export.ExportException;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.http.HttpTransportOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Google's clients, made when they are first needed. They do not retry: retries are decided
 * elsewhere, in one place. Thread-safe.
 */
final class Connections implements AutoCloseable {

  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final BigQuerySettings settings;
  private @Nullable BigQuery rest;
  private @Nullable BigQueryWriteClient write;

  Connections(BigQuerySettings settings) {
    this.settings = settings;
  }

  /**
   * The REST API.
   *
   * @throws ExportException if there are no credentials
   */
  synchronized BigQuery rest() {
    if (rest == null) {
      BigQueryOptions.Builder options =
          BigQueryOptions.newBuilder()
              .setProjectId(settings.project())
              .setRetrySettings(ServiceOptions.getNoRetrySettings())
              .setTransportOptions(
                  HttpTransportOptions.newBuilder()
                      .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                      .setReadTimeout((int) READ_TIMEOUT.toMillis())
                      .build());
      URI endpoint = settings.endpoint();
      options.setCredentials(isPlain(endpoint) ? NoCredentials.getInstance() : credentials());
      if (endpoint != null) {
        options.setHost(endpoint.toString());
      }
      rest = options.build().getService();
    }
    return rest;
  }

  /**
   * The Storage Write API.
   *
   * @throws ExportException if there are no credentials
   */
  synchronized BigQueryWriteClient write() {
    if (write == null) {
      URI endpoint =
          settings.writeEndpoint() != null ? settings.writeEndpoint() : settings.endpoint();
      try {
        BigQueryWriteSettings.Builder options = BigQueryWriteSettings.newBuilder();
        if (isPlain(endpoint)) {
          options.setCredentialsProvider(NoCredentialsProvider.create());
        } else {
          options.setCredentialsProvider(FixedCredentialsProvider.create(credentials()));
        }
        if (endpoint != null) {
          options.setTransportChannelProvider(channel(endpoint));
        }
        options.createWriteStreamSettings().setSimpleTimeoutNoRetriesDuration(READ_TIMEOUT);
        write = BigQueryWriteClient.create(options.build());
      } catch (IOException e) {
        throw new ExportException(
            ExportException.Reason.UNREACHABLE, "cannot connect to the Storage Write API", e);
      }
    }
    return write;
  }

  @Override
  public synchronized void close() {
    if (write != null) {
      write.shutdownNow();
      try {
        // Its threads are daemons; one that does not end in time holds nothing up.
        boolean unused = write.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static InstantiatingGrpcChannelProvider channel(URI endpoint) {
    int port = endpoint.getPort() < 0 ? (isPlain(endpoint) ? 80 : 443) : endpoint.getPort();
    InstantiatingGrpcChannelProvider.Builder channel =
        BigQueryWriteSettings.defaultGrpcTransportProviderBuilder()
            .setEndpoint(endpoint.getHost() + ":" + port);
    if (isPlain(endpoint)) {
      channel.setChannelConfigurator(builder -> builder.usePlaintext());
    }
    return channel.build();
  }

  private static boolean isPlain(@Nullable URI endpoint) {
    return endpoint != null && "http".equals(endpoint.getScheme());
  }

  private Credentials credentials() {
    Path file = settings.credentials();
    try {
      return (file == null ? GoogleCredentials.getApplicationDefault() : read(file))
          .createScoped(SCOPE);
    } catch (IOException e) {
      throw new ExportException(
          ExportException.Reason.REFUSED,
          file == null
              ? "no Google credentials: set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run"
                  + " where there is a metadata server"
              : "no Google credentials can be read from " + file,
          e);
    }
  }

  private static GoogleCredentials read(Path file) throws IOException {
    try (InputStream json = Files.newInputStream(file)) {
      return GoogleCredentials.fromStream(json);
    }
  }
}
