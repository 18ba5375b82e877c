package ai.pediscreen.telemetry.drift;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A reference as edges and counts: all that a later comparison needs, without the values. Small
 * enough to ship with a model.
 *
 * <p>Made by {@link PopulationStabilityIndex#profile} from a binning whose edges do not depend on
 * the current sample. {@link #toText()} writes it and {@link #parse} reads it. Immutable and safe
 * to share between threads.
 *
 * @param binning what made the edges: {@code REFERENCE_QUANTILES} or {@code CUSTOM}
 * @param edges two at least, strictly ascending, finite but for the first and the last
 * @param counts the reference's count in each bin, one fewer than edges, 0 or more, with a sum from
 *     1 to 2<sup>53</sup>
 * @param notFinite how many reference values were NaN or infinite and counted apart; 0 or more
 */
public record ReferenceProfile(
    Binning binning, List<Double> edges, List<Long> counts, long notFinite) {

  /** A reference whose values were all finite. */
  public ReferenceProfile(Binning binning, List<Double> edges, List<Long> counts) {
    this(binning, edges, counts, 0);
  }

  /**
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public ReferenceProfile {
    Objects.requireNonNull(binning, "binning");
    if (!(binning instanceof ReferenceQuantileBinning || binning instanceof CustomBinning)) {
      throw new IllegalArgumentException(
          "binning must be REFERENCE_QUANTILES or CUSTOM, whose edges need no current sample,"
              + " but is "
              + binning);
    }
    edges = List.copyOf(edges);
    counts = List.copyOf(counts);
    CustomBinning.requireEdges(toArray(edges));
    if (counts.size() != edges.size() - 1) {
      throw new IllegalArgumentException(
          "counts must be one fewer than the %d edges, but are %d"
              .formatted(edges.size(), counts.size()));
    }
    long total = 0;
    for (long count : counts) {
      if (count < 0 || count > CountedValues.MAX_TOTAL - total) {
        throw new IllegalArgumentException(
            "counts must be at least 0 and add up to at most 2^53, but one is " + count);
      }
      total += count;
    }
    if (total == 0) {
      throw new IllegalArgumentException("counts must not all be 0");
    }
    if (notFinite < 0) {
      throw new IllegalArgumentException("notFinite must be at least 0, but is " + notFinite);
    }
  }

  /**
   * Reads what {@link #toText()} wrote.
   *
   * @throws IllegalArgumentException if the text is nothing of the kind; the message names the line
   */
  public static ReferenceProfile parse(String text) {
    return ReferenceProfileFormat.read(requireNonNull(text, "text"));
  }

  /**
   * Returns the profile as five lines of text, to be kept beside the model: equal profiles give the
   * same text, and every figure is read back with the same bits.
   *
   * <pre>{@code
   * psi-reference 1
   * binning REFERENCE_QUANTILES 4
   * not-finite 0
   * edges -Infinity 120.0 240.0 480.0 Infinity
   * counts 25 25 25 25
   * }</pre>
   */
  public String toText() {
    return ReferenceProfileFormat.write(this);
  }

  static ReferenceProfile of(Binning binning, RawSample sample) {
    CountedValues reference = sample.counted();
    double[] edges;
    if (binning instanceof ReferenceQuantileBinning quantiles) {
      edges = quantiles.edges(reference);
    } else if (binning instanceof CustomBinning custom) {
      edges = custom.edges();
      CustomBinning.requireInside("reference", reference, edges);
    } else {
      throw new IllegalStateException(
          binning
              + " takes its edges from both samples, so a reference alone has no profile; use"
              + " withBinning(Binning.referenceQuantiles(10)) or custom edges");
    }
    return new ReferenceProfile(
        binning,
        Arrays.stream(edges).boxed().toList(),
        Arrays.stream(Edges.count(reference, edges)).boxed().toList(),
        sample.notFinite());
  }

  /** Returns how many values the reference has, 1 to 2<sup>53</sup>. */
  public long total() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  BinCounts count(CountedValues current) {
    double[] edgeArray = toArray(edges);
    CustomBinning.requireInside("current", current, edgeArray);
    return BinCounts.between(
        edgeArray,
        counts.stream().mapToLong(Long::longValue).toArray(),
        Edges.count(current, edgeArray));
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
