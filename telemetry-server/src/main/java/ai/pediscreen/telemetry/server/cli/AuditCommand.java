package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.audit.AuditVerification;
import ai.pediscreen.telemetry.server.audit.AuditFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code audit}: verifies the audit log, or writes it to a file. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(verify | export)",
    description = "Verify the audit log, or write it to a file.")
public final class AuditCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw CommandLineError.of(spec, "say what to do with the audit log: verify or export");
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Read all entries and check that none was changed, removed or inserted.",
        "The exit status is 1 if one was."
      })
  int verify() {
    AuditVerification found =
        CommandRunner.withStore((telemetry, config) -> telemetry.audit().verify());
    if (!found.isUnbroken()) {
      System.out.printf("entry %d %s%n", found.wrongSequence(), found.fault());
      return 1;
    }
    System.out.println(
        found.newest() == null
            ? "0 entries, unbroken"
            : "%d entries, the newest of %s, unbroken".formatted(found.entries(), found.newest()));
    return 0;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Write all entries to a file, one a line, the oldest first.")
  void export(
      @Option(names = "--out", required = true, paramLabel = "<file>", description = "A new file.")
          Path out) {
    long entries = CommandRunner.withStore((telemetry, config) -> write(telemetry.audit(), out));
    System.out.printf("%d entries are in %s.%n", entries, out);
  }

  private long write(AuditLog log, Path out) {
    try (OutputStream target =
        new BufferedOutputStream(Files.newOutputStream(out, StandardOpenOption.CREATE_NEW))) {
      return AuditFile.write(log, AuditFilter.ALL, target);
    } catch (FileAlreadyExistsException e) {
      throw CommandLineError.of(spec, out + " exists already");
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log cannot be written to the file", e);
    }
  }
}
