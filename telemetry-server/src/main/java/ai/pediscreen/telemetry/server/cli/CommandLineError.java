package ai.pediscreen.telemetry.server.cli;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A mistake in a command line, explained in one sentence with exit status 2. */
public final class CommandLineError {

  private CommandLineError() {}

  /** The error to throw from a command that picocli runs; {@code spec} is what it injected. */
  public static ParameterException of(@Nullable CommandSpec spec, String message) {
    return new ParameterException(requireNonNull(spec, "spec").commandLine(), message);
  }
}
