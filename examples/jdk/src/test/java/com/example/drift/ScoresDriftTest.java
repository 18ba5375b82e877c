package com.example.drift;

import static ai.pediscreen.telemetry.drift.DriftAssert.assertThatDrift;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a test of a model says that its scores are still those that it was released with. */
class ScoresDriftTest {

  private final double[] atRelease = scores(1, 0.50);

  @Test
  void scores_areStable_whenTheModelIsTheSame() {
    assertThatDrift(atRelease, scores(2, 0.50)).isStable();
  }

  @Test
  void scores_haveDrifted_whenTheModelIsMoreConfident() {
    assertThatDrift(atRelease, scores(3, 0.65)).isSignificant();
  }

  /** Stands for what a model says of 5 000 screenings. */
  private static double[] scores(long seed, double mean) {
    return new Random(seed).doubles(5_000, mean - 0.4, mean + 0.4).toArray();
  }
}
