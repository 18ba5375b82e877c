package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.cli.CommandAudit;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.embedded.backup.EmbeddedBackup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code backup}: writes all that the embedded PostgreSQL keeps to a file. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Write all data of the embedded PostgreSQL to a file; a server may be running.",
      "The file holds events and the database's password: keep it as you keep DATA_DIR."
    })
public final class BackupCommand implements Runnable {

  private static final long MEGABYTE = 1_000_000;

  @Option(names = "--out", required = true, paramLabel = "<file>", description = "A new file.")
  private Path out = Path.of("");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (Files.exists(out)) {
      throw CommandLineError.of(spec, out + " exists already");
    }
    CommandRunner.runOnce(this::backup);
  }

  private void backup(ServerConfig config) {
    requireEmbedded(config, "backed up");
    Path directory = config.storage().database().directory();
    try {
      if (EmbeddedPostgres.hasDataIn(directory)) {
        enter(config, AuditAction.BACKUP_ASKED);
      }
      EmbeddedBackup.Content content = EmbeddedBackup.write(directory, out);
      System.out.printf(
          "%s holds %d files of %d MB, %d MB compressed. 'restore --from' takes it back.%n",
          out, content.files(), content.bytes() / MEGABYTE, Files.size(out) / MEGABYTE);
    } catch (IOException e) {
      throw new UncheckedIOException("the backup cannot be written", e);
    }
  }

  static void enter(ServerConfig config, AuditAction action) {
    try (Store store = Store.openBesideServer(config)) {
      CommandAudit.enter(store.telemetry(), action, null, AuditSelection.NONE, 1);
    }
  }

  /** Another PostgreSQL has its own tools, which reach what it keeps. */
  static void requireEmbedded(ServerConfig config, String done) {
    if (config.storage().database().url() != null) {
      throw new InvalidConfigurationException(
          List.of(
              "DATABASE_URL is set, and this is for the embedded PostgreSQL: yours is "
                  + done
                  + " with its own tools, such as pg_basebackup or pg_dump"));
    }
  }
}
