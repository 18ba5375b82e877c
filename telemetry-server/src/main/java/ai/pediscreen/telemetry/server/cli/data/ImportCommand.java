package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.daily.EarlierAggregate;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.assembly.PseudonymKey;
import ai.pediscreen.telemetry.server.assembly.StoppedException;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.http.ingest.EventIntake;
import ai.pediscreen.telemetry.server.price.PricedEvents;
import ai.pediscreen.telemetry.server.takeover.EventImport;
import ai.pediscreen.telemetry.server.takeover.EventSource;
import ai.pediscreen.telemetry.server.takeover.ImportFigures;
import ai.pediscreen.telemetry.server.takeover.NdjsonFiles;
import ai.pediscreen.telemetry.server.takeover.RefusedFile;
import ai.pediscreen.telemetry.server.takeover.ReplacedService;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code import}: takes over events that are stored elsewhere. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Take over the events of the service that this one replaces, or of NDJSON files.",
      "May be stopped and started again at any point, beside a running server; nothing is stored"
          + " twice. What the rules refuse is listed with the reason."
    })
public final class ImportCommand implements Runnable {

  @Option(
      names = "--from",
      required = true,
      paramLabel = "<source>",
      description = {
        "postgresql://…: the database of the replaced service, in the forms of DATABASE_URL;",
        "a file of NDJSON, gzip or not; a folder of such files (.ndjson, .ndjson.gz);",
        "- for standard input."
      })
  private String from = "";

  @Option(
      names = "--refused",
      paramLabel = "<file>",
      description = {
        "Where refused events are listed, written anew by each run.",
        "Default: import-refused.ndjson, with --dry-run import-would-be-refused.ndjson"
      })
  private @Nullable Path refused;

  @Option(
      names = "--dry-run",
      description = "Store nothing; count, and list what would be refused.")
  private boolean dryRun;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    // A mistake in it is reported before anything is opened.
    databaseUrl();
    CommandRunner.runOnce(config -> System.out.println(summary(run(config))));
  }

  /** Imports into the database that the settings name. */
  public ImportFigures run(ServerConfig config) {
    try (EventSource source = source();
        RefusedFile list = RefusedFile.at(refusedFile())) {
      if (dryRun) {
        EventIntake intake = new EventIntake(config.events().guard());
        keepDays(source, list, null);
        return run(new EventImport(null, intake, list, progress(source)), source);
      }
      try (Store store = Store.openBesideServer(config)) {
        EventIntake intake =
            new EventIntake(PseudonymKey.guardOfStored(store.telemetry(), config.events()));
        keepDays(source, list, store.telemetry());
        EventStore events = new PricedEvents(config.events().prices(), store.telemetry().events());
        return run(new EventImport(events, intake, list, progress(source)), source);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("--from cannot be imported", e);
    }
  }

  /** They are few, and told apart from events. */
  private static void keepDays(
      EventSource source, RefusedFile list, @Nullable PostgresTelemetry target) throws IOException {
    if (source instanceof ReplacedService service) {
      List<EarlierAggregate> days = service.earlierDays(list);
      if (target != null) {
        target.keep(days);
      }
      System.out.println(days.size() + " daily aggregates are older than all events");
    }
  }

  private ImportFigures run(EventImport events, EventSource source) throws IOException {
    try {
      return events.run(source);
    } catch (IOException e) {
      throw new IOException(
          "%s; before that %s".formatted(e.getMessage(), done(events.figures())), e);
    } catch (InterruptedException e) {
      throw new StoppedException();
    } catch (StoreUnavailableException e) {
      throw new StoreUnavailableException(
          "the import has stopped; start it again, it goes on where it was", e);
    }
  }

  private ImportProgress progress(EventSource source) {
    return new ImportProgress(Help.Ansi.AUTO.enabled(), System.out, source);
  }

  private EventSource source() throws IOException {
    DatabaseUrl url = databaseUrl();
    if (url != null) {
      return ReplacedService.connect(url.jdbcUrl(), url.user(), url.password());
    }
    return from.equals("-") ? NdjsonFiles.of(System.in) : NdjsonFiles.at(Path.of(from));
  }

  private @Nullable DatabaseUrl databaseUrl() {
    if (!from.contains("://")) {
      return null;
    }
    try {
      return DatabaseUrl.parse(from);
    } catch (IllegalArgumentException e) {
      String message = "--from " + e.getMessage();
      throw CommandLineError.of(spec, message);
    }
  }

  private Path refusedFile() {
    if (refused != null) {
      return refused;
    }
    return Path.of(dryRun ? "import-would-be-refused.ndjson" : "import-refused.ndjson");
  }

  private String summary(ImportFigures figures) {
    String listed = figures.refused() == 0 ? "" : ", listed in " + refusedFile();
    return done(figures) + listed + (dryRun ? "; nothing was stored" : "");
  }

  private String done(ImportFigures figures) {
    return dryRun
        ? "%d events read: %d can be stored, %d would be refused"
            .formatted(figures.read(), figures.stored(), figures.refused())
        : "%d events read: %d stored, %d were there before, %d refused"
            .formatted(figures.read(), figures.stored(), figures.known(), figures.refused());
  }
}
