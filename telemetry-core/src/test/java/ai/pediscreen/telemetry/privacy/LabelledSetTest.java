package ai.pediscreen.telemetry.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** How much is found of what is there, and how much of what is not. */
class LabelledSetTest {

  private static final int EVENTS = 10_000;

  private final long seed =
      Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
  private final LabelledSet set = new LabelledSet(seed);
  private final PhiGuard guard = PhiGuard.redacting();

  @Test
  void atLeast99PercentOfPlantedIdentifiers_areCaught() {
    Map<String, Tally> kinds = new TreeMap<>();
    for (int i = 0; i < EVENTS; i++) {
      LabelledSet.Planted planted = set.planted();
      // Whoever plants an identifier must be able to find it.
      assertThat(planted.event().toMap().toString()).contains(planted.secret());
      String guarded = guard.apply(planted.event()).toMap().toString();
      tally(kinds, planted.kind(), planted.event(), !guarded.contains(planted.secret()));
    }
    Tally all = report("planted identifiers caught", kinds);

    assertThat(all.share()).as("telemetry.test.seed=%d", seed).isGreaterThanOrEqualTo(0.99);
    // No kind may hide its misses behind the others.
    kinds.forEach((kind, tally) -> assertThat(tally.share()).as(kind).isGreaterThan(0.9));
  }

  @Test
  void underHalfAPercentOfOrdinaryEvents_areTouched() {
    Map<String, Tally> kinds = new TreeMap<>();
    for (int i = 0; i < EVENTS; i++) {
      LabelledSet.Ordinary ordinary = set.ordinary();
      boolean touched = !guard.apply(ordinary.event()).equals(ordinary.event());
      tally(kinds, ordinary.kind(), ordinary.event(), !touched);
    }
    Tally all = report("ordinary events left alone", kinds);

    assertThat(all.share()).as("telemetry.test.seed=%d", seed).isGreaterThan(0.995);
  }

  private static void tally(
      Map<String, Tally> kinds, String kind, TelemetryEvent event, boolean right) {
    Tally tally = kinds.computeIfAbsent(kind, unused -> new Tally());
    tally.events++;
    if (right) {
      tally.right++;
    } else {
      tally.wrong = event.toMap().toString();
    }
  }

  private Tally report(String what, Map<String, Tally> kinds) {
    Tally all = new Tally();
    kinds.forEach(
        (kind, tally) -> {
          all.events += tally.events;
          all.right += tally.right;
          if (tally.right < tally.events) {
            System.out.printf(
                "  %s: %d of %d, not %s%n", kind, tally.right, tally.events, tally.wrong);
          }
        });
    System.out.printf(
        "%s: %d of %d (%.3f %%), telemetry.test.seed=%d%n",
        what, all.right, all.events, 100 * all.share(), seed);
    return all;
  }

  private static final class Tally {
    private int events;
    private int right;
    private String wrong = "";

    double share() {
      return (double) right / events;
    }
  }
}
