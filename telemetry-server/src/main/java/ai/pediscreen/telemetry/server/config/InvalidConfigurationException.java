package ai.pediscreen.telemetry.server.config;

import java.util.List;

/** At least one setting is wrong; the message lists every fault, one a line. */
public final class InvalidConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  public InvalidConfigurationException(List<String> faults) {
    super("the configuration is wrong:\n  - " + String.join("\n  - ", faults));
    this.faults = List.copyOf(faults);
  }

  public List<String> faults() {
    return faults;
  }
}
