package ai.pediscreen.telemetry.drift;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * SEED with 10 buckets over a million against a million latencies, beside what sorting costs.
 *
 * <p>{@code MILLIS} are lognormal latencies in whole milliseconds, 1 to 10 000, so that some 10⁴
 * different values occur; {@code WIDE} are whole numbers from all of 0 to 2⁵², nearly all of them
 * different, so that no counting table fits.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(2)
public class DriftBenchmark {

  private static final int SIZE = 1_000_000;
  private static final PopulationStabilityIndex SEED = PopulationStabilityIndex.standard();

  /** How the samples are distributed. */
  public enum Values {
    MILLIS,
    WIDE
  }

  @Param Values values = Values.MILLIS;

  private long[] reference = {};
  private long[] current = {};
  private double[] referenceFractions = {};
  private double[] currentFractions = {};
  private CountedValues countedReference = CountedValues.empty();
  private CountedValues countedCurrent = CountedValues.empty();

  /** Draws the samples, the same ones in each fork. */
  @Setup(Level.Trial)
  public void draw() {
    reference = draw(new Random(1), 2_000);
    current = draw(new Random(2), 2_100);
    referenceFractions = Arrays.stream(reference).mapToDouble(v -> v / 1024.0).toArray();
    currentFractions = Arrays.stream(current).mapToDouble(v -> v / 1024.0).toArray();
    countedReference = CountedValues.of(reference);
    countedCurrent = CountedValues.of(current);
    System.out.printf(
        "%n# %s: %d and %d distinct values%n",
        values, countedReference.distinct(), countedCurrent.distinct());
  }

  private long[] draw(Random random, double median) {
    if (values == Values.WIDE) {
      return random.longs(SIZE, 0, 1L << 52).toArray();
    }
    return random
        .doubles()
        .mapToLong(unused -> Math.round(median * Math.exp(0.9 * random.nextGaussian())))
        .filter(millis -> millis >= 1 && millis <= 10_000)
        .limit(SIZE)
        .toArray();
  }

  /** The yardstick: both arrays sorted once, without anything else. */
  @Benchmark
  public void sortBothArrays(Blackhole hole) {
    long[] sortedReference = reference.clone();
    long[] sortedCurrent = current.clone();
    Arrays.sort(sortedReference);
    Arrays.sort(sortedCurrent);
    hole.consume(sortedReference);
    hole.consume(sortedCurrent);
  }

  /**
   * The same index the straightforward way: sort both samples together, search each value's bin.
   */
  @Benchmark
  public double straightforward() {
    return StraightforwardPsi.index(reference, current, 10);
  }

  /** Ours, from raw whole numbers. */
  @Benchmark
  public PsiResult<IntervalBin> fromLongs() {
    return SEED.compare(reference, current);
  }

  /** Ours, from raw fractions. */
  @Benchmark
  public PsiResult<IntervalBin> fromDoubles() {
    return SEED.compare(referenceFractions, currentFractions);
  }

  /** Ours, from counted values. */
  @Benchmark
  public PsiResult<IntervalBin> fromCountedValues() {
    return SEED.compare(countedReference, countedCurrent);
  }
}
