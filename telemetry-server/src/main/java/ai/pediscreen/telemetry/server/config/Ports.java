package ai.pediscreen.telemetry.server.config;

import ai.pediscreen.telemetry.server.http.HttpServerSettings;
import ai.pediscreen.telemetry.server.logging.FailureMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Looks whether ports can be listened on, before anything is started for them. */
public final class Ports {

  static final int HIGHEST = 65_535;
  private static final int TRIED = 50;

  private Ports() {}

  /**
   * Returns if the ports of the settings are free at this instant.
   *
   * @throws InvalidConfigurationException if one is taken, or its address is none of this machine;
   *     names a port that is free
   */
  public static void requireFree(ServerConfig config) {
    List<String> faults = new ArrayList<>();
    HttpServerSettings.Listening http = config.http().listening();
    addFault(faults, HttpConfig.PORT, http.host(), http.port());
    ReportingConfig reporting = config.reporting();
    if (reporting.metricsPort() != null) {
      addFault(
          faults, ReportingConfig.METRICS_PORT, reporting.metricsHost(), reporting.metricsPort());
    }
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
  }

  /** The first free port from one on, of 50; empty if there is none. */
  public static OptionalInt firstFree(String host, int wanted) {
    for (int port = wanted; port <= Math.min(wanted + TRIED, HIGHEST); port++) {
      if (isFree(host, port)) {
        return OptionalInt.of(port);
      }
    }
    return OptionalInt.empty();
  }

  private static void addFault(List<String> faults, Setting<?> setting, String host, int port) {
    try {
      if (!isFree(host, port)) {
        OptionalInt other = firstFree(host, port);
        faults.add(
            "cannot listen on %s:%d: another program does%s"
                .formatted(
                    host,
                    port,
                    other.isPresent()
                        ? "; " + setting.name() + "=" + other.getAsInt() + " is free"
                        : ""));
      }
    } catch (UncheckedIOException e) {
      faults.add("cannot listen on %s:%d: %s".formatted(host, port, FailureMessage.of(e)));
    }
  }

  private static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As the server itself listens: what only waits for its last packets does not count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return true;
    } catch (BindException e) {
      if (String.valueOf(e.getMessage()).contains("in use")) {
        return false;
      }
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (UnknownHostException e) {
      throw new UncheckedIOException("there is no host of that name", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
