package ai.pediscreen.telemetry.server.demo;

import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.Response;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of five models in three organisations: busy by day and on working days, latencies
 * lognormal, a few failures. Things happen that a dashboard should show: one model gets slower over
 * six days, one falls back for an afternoon, one fails for two hours. That one is also called with
 * a new adapter since four days ago, and has been less sure and more alarmed since. One costs
 * nearly twice as much since six days ago, and two days ago nothing was called for three hours.
 *
 * <p>The same seed and the same time give the same events. Not safe for use by several threads.
 */
public final class DemoEvents {

  /** How far back the history goes. */
  public static final int DAYS = 30;

  /** What models say that is worth watching, as {@code DRIFT_FEATURES} names it. */
  public static final String WATCHED = "/response/confidence,/response/risk_level";

  /** Drawn with this, no model but the one that drifts is ever far off by chance. */
  public static final long SEED = 3;

  private static final double CALLS_PER_WORKING_DAY = 1_300;
  private static final double WEEKEND = 0.65;

  /** Of a call of usual size. */
  private static final int INPUT_TOKENS = 900;

  private static final int OUTPUT_TOKENS = 120;
  private static final double FAILURES = 0.003;
  private static final double FALLBACKS = 0.012;

  /** By how much the drifting model was slower: six days ago, …, yesterday, today. */
  private static final double[] SLOWER = {1.04, 1.08, 1.14, 1.24, 1.42, 1.75, 1.8};

  /** What the watched model says shifts by so much of its way: four days ago, …, today. */
  private static final double[] LESS_SURE = {0.15, 0.3, 0.6, 1, 1};

  /** The logit of its confidence, before and once it has shifted, and how far that is spread. */
  private static final double SURE = 1.7;

  private static final double UNSURE = 1.15;
  private static final double SPREAD = 0.7;

  /** Shares of low and of high risk, before and after. */
  private static final double LOW = 0.72;

  private static final double LOW_AFTER = 0.38;
  private static final double HIGH = 0.07;
  private static final double HIGH_AFTER = 0.3;

  private static final int NEW_ADAPTER_DAYS_AGO = LESS_SURE.length - 1;
  private static final int PRICE_STEP_DAYS_AGO = 6;
  private static final double PRICE_STEP = 1.8;

  private static final List<String> ORGANISATIONS =
      List.of("riverbend-pediatrics", "northlake-childrens", "casa-infantil");
  private static final List<String> REGIONS = List.of("us-central1", "us-east4", "us-south1");
  private static final List<String> FAULTS = List.of("TIMEOUT", "RATE_LIMITED", "BAD_AUDIO");

  private final Random random;

  /** Apart, so that what is said changes nothing of when and how it is said. */
  private final Random words;

  private final Instant now;
  private int made;

  /**
   * @param seed what the events are drawn with
   * @param now where the history ends
   */
  public DemoEvents(long seed, Instant now) {
    this.random = new Random(seed);
    this.words = new Random(seed);
    this.now = now;
  }

  /** The events of the last {@link #DAYS} whole days and of today up to now, oldest first. */
  public List<TelemetryEvent> history() {
    List<TelemetryEvent> events = new ArrayList<>();
    // From a midnight on: half a day would look like drift.
    Instant hour = now.truncatedTo(ChronoUnit.DAYS).minus(DAYS, ChronoUnit.DAYS);
    for (; !hour.isAfter(now); hour = hour.plus(1, ChronoUnit.HOURS)) {
      double expected = callsPerHour(hour);
      long calls = Math.round(expected + random.nextGaussian() * Math.sqrt(expected));
      for (long i = 0; i < calls; i++) {
        Instant at = hour.plusMillis(random.nextInt((int) Duration.ofHours(1).toMillis()));
        if (!at.isAfter(now)) {
          TelemetryEvent call = call(at);
          if (!isWithin(at, 2, 12, 15)) {
            events.add(call);
          }
        }
      }
    }
    events.sort(Comparator.comparing(TelemetryEvent::timestamp));
    return events;
  }

  /** How long after an instant the next call comes, as often as at that hour in the history. */
  public Duration pauseAfter(Instant instant) {
    double hours = -Math.log(1 - random.nextDouble()) / callsPerHour(instant);
    return Duration.ofMillis(Math.round(hours * Duration.ofHours(1).toMillis()));
  }

  /** One more call, at some instant. */
  public TelemetryEvent call(Instant at) {
    DemoModel model = model();
    int organisation = weighted(0.5, 0.3);
    boolean fails = happens(failures(model, at));
    boolean fallsBack = fails ? happens(0.5) : happens(fallbacks(model, at));
    made++;
    String screening = "screening-%05d".formatted(random.nextInt(100_000));
    Model called = new Model(model.id(), adapter(model, at), model.provider(), Map.of());
    Long latencyMillis = latencyMillis(model, at, fails);
    String fault = fails ? fault(model, at) : null;
    Map<String, Object> says = new HashMap<>();
    if (!fails && model.says()) {
      says.putAll(says(model, at));
    }
    double size = Math.exp(0.4 * random.nextGaussian() - 0.08);
    if (!fails) {
      says.put("output_tokens", Math.round(OUTPUT_TOKENS * size));
    }
    return new TelemetryEvent(
        "demo-" + made,
        at,
        ORGANISATIONS.get(organisation),
        "pediscreen-web",
        null,
        screening,
        called,
        Map.of("input_tokens", Math.round(INPUT_TOKENS * size)),
        new Response(
            latencyMillis, fails ? 503 : 200, fallsBack ? model.fallback() : null, fault, says),
        fails ? BigDecimal.ZERO : cost(model, at, size),
        REGIONS.get(organisation),
        null,
        HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(made),
        Map.of());
  }

  /** Clinics are open by day and mostly on working days; some calls come at any time. */
  private static double callsPerHour(Instant hour) {
    ZonedDateTime utc = hour.atZone(ZoneOffset.UTC);
    DayOfWeek weekday = utc.getDayOfWeek();
    boolean weekend = weekday == DayOfWeek.SATURDAY || weekday == DayOfWeek.SUNDAY;
    double fromNoon = (utc.getHour() - 17.0 + 36) % 24 - 12;
    double daytime = 0.012 + 0.1 * Math.exp(-fromNoon * fromNoon / 22);
    return CALLS_PER_WORKING_DAY * daytime * (weekend ? WEEKEND : 1);
  }

  private double failures(DemoModel model, Instant at) {
    return model.equals(DemoModel.REPORTS) && isWithin(at, 3, 15, 17) ? 0.6 : FAILURES;
  }

  private double fallbacks(DemoModel model, Instant at) {
    return model.equals(DemoModel.GAZE) && isWithin(at, 5, 14, 19) ? 0.75 : FALLBACKS;
  }

  /** Whether an instant lies between two hours of the day that was so many days ago. */
  private boolean isWithin(Instant at, int daysAgo, int fromHour, int toHour) {
    Instant day = now.truncatedTo(ChronoUnit.DAYS).minus(daysAgo, ChronoUnit.DAYS);
    return !at.isBefore(day.plus(fromHour, ChronoUnit.HOURS))
        && at.isBefore(day.plus(toHour, ChronoUnit.HOURS));
  }

  private String fault(DemoModel model, Instant at) {
    return failures(model, at) > FAILURES ? "MODEL_UNAVAILABLE" : oneOf(FAULTS);
  }

  private @Nullable Long latencyMillis(DemoModel model, Instant at, boolean fails) {
    if (fails && happens(0.3)) {
      return null;
    }
    double median = model.medianMillis() * (model.equals(DemoModel.SPEECH) ? slower(at) : 1);
    return Math.max(1, Math.round(median * Math.exp(model.sigma() * random.nextGaussian())));
  }

  private double slower(Instant at) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    int step = SLOWER.length - 1 - (int) ChronoUnit.DAYS.between(day, today);
    return step < 0 ? 1 : SLOWER[Math.min(step, SLOWER.length - 1)];
  }

  private String adapter(DemoModel model, Instant at) {
    String adapter = oneOf(model.adapters());
    return model.equals(DemoModel.REPORTS)
            && adapter.equals(DemoModel.OLD_ADAPTER)
            && daysAgo(at) <= NEW_ADAPTER_DAYS_AGO
        ? DemoModel.NEW_ADAPTER
        : adapter;
  }

  private Map<String, Object> says(DemoModel model, Instant at) {
    int step = NEW_ADAPTER_DAYS_AGO - daysAgo(at);
    double shift = model.equals(DemoModel.REPORTS) && step >= 0 ? LESS_SURE[step] : 0;
    double logit = SURE + (UNSURE - SURE) * shift + SPREAD * words.nextGaussian();
    double confidence = Math.round(1_000 / (1 + Math.exp(-logit))) / 1_000.0;
    double drawn = words.nextDouble();
    double low = LOW + (LOW_AFTER - LOW) * shift;
    double high = HIGH + (HIGH_AFTER - HIGH) * shift;
    String risk = drawn < low ? "low" : drawn < 1 - high ? "medium" : "high";
    return Map.of("confidence", confidence, "risk_level", risk);
  }

  /** 0 today, and in what is yet to come. */
  private int daysAgo(Instant at) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return (int)
        Math.max(0, ChronoUnit.DAYS.between(LocalDate.ofInstant(at, ZoneOffset.UTC), today));
  }

  private BigDecimal cost(DemoModel model, Instant at, double size) {
    double price =
        model.equals(DemoModel.SUMMARIES) && daysAgo(at) <= PRICE_STEP_DAYS_AGO
            ? model.costUsd() * PRICE_STEP
            : model.costUsd();
    return BigDecimal.valueOf(price * size).setScale(8, RoundingMode.HALF_UP);
  }

  private DemoModel model() {
    double at = random.nextDouble();
    for (DemoModel model : DemoModel.ALL) {
      at -= model.share();
      if (at < 0) {
        return model;
      }
    }
    return DemoModel.REPORTS;
  }

  private int weighted(double first, double second) {
    double at = random.nextDouble();
    if (at < first) {
      return 0;
    }
    return at < first + second ? 1 : 2;
  }

  private boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
