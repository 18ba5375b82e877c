package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.embedded.backup.EmbeddedRestore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code restore}: makes a data directory of a backup. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Restore a backup into DATA_DIR, and start PostgreSQL on it once. DATA_DIR must hold no"
          + " data.",
      "Repeat erasures that were made after the backup."
    })
public final class RestoreCommand implements Runnable {

  @Option(
      names = "--from",
      required = true,
      paramLabel = "<file>",
      description = "What 'backup' wrote.")
  private Path from = Path.of("");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (!Files.isRegularFile(from)) {
      throw CommandLineError.of(spec, "--from " + from + " is no file");
    }
    CommandRunner.runOnce(this::restore);
  }

  private void restore(ServerConfig config) {
    BackupCommand.requireEmbedded(config, "restored");
    Path directory = config.storage().database().directory();
    long begun = System.nanoTime();
    try {
      EmbeddedRestore.restore(from, directory);
      BackupCommand.enter(config, AuditAction.BACKUP_RESTORED);
    } catch (IOException e) {
      throw new UncheckedIOException("the backup cannot be restored", e);
    }
    System.out.printf(
        "%s holds the data of the backup, and PostgreSQL has started on them; that took %d s.%n",
        directory, Duration.ofNanos(System.nanoTime() - begun).toSeconds());
  }
}
