package ai.pediscreen.telemetry.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all measurements can be told. */
final class RunOptions {

  @Option(
      names = "--jar",
      description = "The packaged server (default: ${DEFAULT-VALUE}).",
      defaultValue = "telemetry-server/target/telemetry-server.jar")
  Path jar = Path.of("");

  @Option(
      names = "--results",
      description = "Where the JSON goes (default: ${DEFAULT-VALUE}).",
      defaultValue = "bench/target")
  Path results = Path.of("");

  @Option(
      names = "--server-flag",
      description = "A flag for the server's JVM, such as -Xmx256m; may be repeated.")
  List<String> serverFlags = List.of();

  @Option(
      names = "--database",
      description =
          "postgresql://user:password@host:port/ of a user who may make databases"
              + " (default: $DATABASE_URL; without it the embedded PostgreSQL in a temporary"
              + " directory).",
      defaultValue = "${env:DATABASE_URL}")
  @Nullable String database;
}
