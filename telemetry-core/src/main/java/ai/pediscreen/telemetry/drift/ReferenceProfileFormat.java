package ai.pediscreen.telemetry.drift;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The text of a {@link ReferenceProfile}, described at {@link ReferenceProfile#toText()}. */
final class ReferenceProfileFormat {

  private static final String HEAD = "psi-reference 1";
  private static final List<String> NAMES = List.of("binning", "not-finite", "edges", "counts");
  private static final String CUSTOM = "CUSTOM";
  private static final String QUANTILES = "REFERENCE_QUANTILES";

  private ReferenceProfileFormat() {}

  static String write(ReferenceProfile profile) {
    Binning binning = profile.binning();
    String settings =
        binning instanceof ReferenceQuantileBinning quantiles
            ? QUANTILES + " " + quantiles.buckets().orElseThrow()
            : CUSTOM;
    return String.join(
        "\n",
        HEAD,
        "binning " + settings,
        "not-finite " + profile.notFinite(),
        "edges " + joined(profile.edges()),
        "counts " + joined(profile.counts()),
        "");
  }

  static ReferenceProfile read(String text) {
    List<String> lines = text.strip().lines().map(String::strip).toList();
    if (lines.size() != NAMES.size() + 1 || !lines.get(0).equals(HEAD)) {
      throw new IllegalArgumentException(
          "a stored reference must be %d lines, the first of them \"%s\""
              .formatted(NAMES.size() + 1, HEAD));
    }
    List<Double> edges = values(lines, 3, Double::valueOf);
    return new ReferenceProfile(
        binning(lines, edges),
        edges,
        values(lines, 4, Long::valueOf),
        values(lines, 2, Long::valueOf).get(0));
  }

  private static Binning binning(List<String> lines, List<Double> edges) {
    List<String> words = words(lines, 1);
    try {
      if (words.equals(List.of(CUSTOM))) {
        return Binning.custom(edges.stream().mapToDouble(Double::doubleValue).toArray());
      }
      if (words.size() == 2 && words.get(0).equals(QUANTILES)) {
        return Binning.referenceQuantiles(Integer.parseInt(words.get(1)));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line 2 or 4 of a stored reference: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        "line 2 of a stored reference must name %s and the number of buckets, or %s"
            .formatted(QUANTILES, CUSTOM));
  }

  private static <T> List<T> values(List<String> lines, int line, Function<String, T> read) {
    try {
      return words(lines, line).stream().map(read).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "line %d of a stored reference must hold only numbers".formatted(line + 1), e);
    }
  }

  /** What follows the name that a line begins with; one word at least. */
  private static List<String> words(List<String> lines, int line) {
    List<String> words = Arrays.asList(lines.get(line).split("\\s+"));
    String name = NAMES.get(line - 1);
    if (words.size() < 2 || !words.get(0).equals(name)) {
      throw new IllegalArgumentException(
          "line %d of a stored reference must begin with \"%s\" and have a value"
              .formatted(line + 1, name));
    }
    return words.subList(1, words.size());
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" "));
  }
}
