package ai.pediscreen.telemetry.server.cli;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.server.config.Environment;
import ai.pediscreen.telemetry.server.config.EventConfig;
import ai.pediscreen.telemetry.server.price.PriceFile;
import ai.pediscreen.telemetry.server.price.PriceList;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prices}: sees whether a file of prices can be used. */
@Command(
    name = "prices",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "check",
    description = "Check a price file.")
public final class PricesCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw CommandLineError.of(spec, "say what to do: check");
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Read a price file and list all its errors.",
        "Needs no database. Exit status 1 if the file cannot be used."
      })
  int check(
      @Parameters(
              arity = "0..1",
              paramLabel = "FILE",
              description = "The price file. Default: the one that PRICES names.")
          @Nullable String file) {
    String path = file == null ? Environment.ofProcess().text(EventConfig.PRICES) : file;
    if (path == null) {
      throw CommandLineError.of(spec, "name a file, or set PRICES");
    }
    PrintWriter out = requireNonNull(spec, "spec").commandLine().getOut();
    try {
      PriceList prices = PriceFile.read(path);
      out.printf("%s: %d prices of %d models%n", path, prices.size(), prices.models());
      return 0;
    } catch (IllegalArgumentException e) {
      String.valueOf(e.getMessage()).lines().forEach(out::println);
      return 1;
    } finally {
      out.flush();
    }
  }
}
