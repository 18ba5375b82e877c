package ai.pediscreen.telemetry.drift;

/** What every comparison asks of its samples. */
final class SampleChecks {

  private SampleChecks() {}

  /**
   * Refuses an empty sample.
   *
   * @throws IllegalArgumentException if there is no value; the message names the argument
   */
  static void requireNotEmpty(String name, CountedValues sample) {
    if (sample.isEmpty()) {
      throw new IllegalArgumentException(name + " must have at least one finite value");
    }
  }
}
