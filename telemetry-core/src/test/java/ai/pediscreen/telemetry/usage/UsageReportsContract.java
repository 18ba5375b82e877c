package ai.pediscreen.telemetry.usage;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * The part of {@link UsageQueriesContract} about models, errors and fallbacks; adapters extend that
 * class, not this one.
 */
public abstract class UsageReportsContract extends UsageKit {

  private static final Instant LATEST = NOW.minusSeconds(1);

  @Test
  void models_isEmpty_whenThereAreNoEvents() {
    assertThat(queries().models(all(UsageRange.WEEK), 20)).isEmpty();
  }

  @Test
  void models_hasEveryFigure_whenAModelHasEvents() {
    append(
        event("1").at("2026-03-10T11:00:00Z").model("m").provider("old").adapter("b").latency(50L),
        event("2").at("2026-03-10T11:10:00Z").model("m").provider("new").adapter("a").latency(81L),
        event("3").at("2026-03-10T11:20:00Z").model("m").adapter("b").cost("0.1234565").status(500),
        event("4").at("2026-03-10T11:30:00Z").model("m").fallbackTo("rules").status(null),
        event("5").at("2026-03-10T11:40:00Z").model("m").cost("1"),
        event("6").at("2026-03-10T11:50:00Z").model("m").status(299),
        event("7").at("2026-03-10T11:55:00Z").model("other").provider("else").latency(9_000L));

    assertThat(queries().models(filter(UsageRange.DAY, null, "m"), 20))
        .containsExactly(
            new ModelUsage(
                "m",
                "new",
                6,
                66,
                81,
                new BigDecimal("33.33"),
                new BigDecimal("16.67"),
                1,
                new BigDecimal("1.123457"),
                Tokens.NONE,
                0,
                List.of("a", "b"),
                Instant.parse("2026-03-10T11:50:00Z")));
  }

  @Test
  void models_hasZerosAndNulls_whenEventsLackFields() {
    append(event("1").at(LATEST));

    assertThat(queries().models(all(UsageRange.HOUR), 20))
        .containsExactly(
            new ModelUsage(
                null,
                null,
                1,
                0,
                0,
                new BigDecimal("0.00"),
                new BigDecimal("0.00"),
                0,
                new BigDecimal("0.000000"),
                Tokens.NONE,
                0,
                List.of(),
                LATEST));
  }

  @Test
  void models_orderByCallsThenCodePointWithNullFirst_whenCountsTie() {
    append(
        event("1").model("b"),
        event("2").model("b"),
        event("3"),
        event("4").model("🙂"),
        event("5").model("\uff5e"),
        event("6").model("a"),
        event("7").model("ä"),
        event("8").model("Z"));

    assertThat(queries().models(all(UsageRange.WEEK), 20))
        .extracting(ModelUsage::modelId)
        .containsExactly("b", null, "Z", "a", "ä", "\uff5e", "🙂");
  }

  @Test
  void limits_areRefused_belowOne() {
    UsageFilter day = all(UsageRange.DAY);
    for (int limit : new int[] {0, -1}) {
      for (ThrowingCallable question :
          List.<ThrowingCallable>of(
              () -> queries().models(day, limit),
              () -> queries().errors(day, limit),
              () -> queries().fallbacks(day, limit))) {
        assertThatThrownBy(question)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("limit must be at least 1 but is " + limit);
      }
    }
  }

  @Test
  void models_endAtTheLimit_whenThereAreMore() {
    append(
        event("1").model("a"), event("2").model("b"), event("3").model("b"), event("4").model("c"));

    assertThat(queries().models(all(UsageRange.WEEK), 2))
        .extracting(ModelUsage::modelId)
        .containsExactly("b", "a");
  }

  @Test
  void models_keepTheWindowToTheMicrosecond_whenNewerEventsShareTheMinute() {
    append(
        event("in").at(NOW).model("m").provider("in").adapter("in").latency(10L).cost("1"),
        event("out")
            .at(NOW.plusNanos(1_000))
            .model("m")
            .provider("out")
            .adapter("out")
            .latency(99L)
            .status(500)
            .fallbackTo("x")
            .cost("2"),
        event("other").at(NOW.plusSeconds(20)).model("later"));

    for (UsageRange range : UsageRange.values()) {
      assertThat(queries().models(all(range), 20))
          .as(range.label())
          .containsExactly(
              new ModelUsage(
                  "m",
                  "in",
                  1,
                  10,
                  10,
                  new BigDecimal("0.00"),
                  new BigDecimal("0.00"),
                  0,
                  new BigDecimal("1.000000"),
                  Tokens.NONE,
                  0,
                  List.of("in"),
                  NOW));
    }
  }

  @Test
  void models_takeTheProviderOfTheNewestEvent_whenOlderOnesComeLater() {
    append(event("1").at(LATEST).model("m").provider("newest"));
    append(event("2").at("2026-03-05T00:00:00Z").model("m").provider("z-older"));
    append(event("3").at(NOW).model("m"));

    assertThat(queries().models(all(UsageRange.WEEK), 20))
        .extracting(ModelUsage::provider)
        .containsExactly("newest");
  }

  @Test
  void models_takeTheLastProviderByName_whenSeveralAreOfTheSameInstant() {
    append(
        event("1").at(LATEST).model("m").provider("\uff5e"),
        event("2").at(LATEST).model("m").provider("🙂"),
        event("3").at(LATEST).model("m").provider("z"));

    assertThat(queries().models(all(UsageRange.HOUR), 20))
        .extracting(ModelUsage::provider)
        .containsExactly("🙂");
  }

  @Test
  void models_sortAdaptersByCodePointAndOnce_whenManyAreNamed() {
    List<TelemetryEvent> events = new ArrayList<>();
    List<String> sorted = List.of("A", "Z", "a", "lora-10", "lora-2", "ä", "\uff5e", "🙂");
    List<String> shuffled = new ArrayList<>(sorted);
    Collections.reverse(shuffled);
    for (String day : List.of("2026-03-08", "2026-03-09")) {
      for (String adapter : shuffled) {
        events.add(event(day + adapter).at(day + "T10:00:00Z").model("m").adapter(adapter).build());
      }
    }
    append(events);

    assertThat(queries().models(all(UsageRange.WEEK), 20).get(0).adapters())
        .containsExactlyElementsOf(sorted);
  }

  @Test
  void models_distinguishIds_thatAreLongAndNotAscii() {
    String longest = "🧠".repeat(255);
    append(
        event("1").model(longest + "a"),
        event("2").model(longest + "b"),
        event("3").model(longest + "b").provider("p".repeat(64)).adapter("🙂".repeat(256)));

    assertThat(queries().models(all(UsageRange.WEEK), 20))
        .extracting(ModelUsage::modelId, ModelUsage::calls)
        .containsExactly(tuple(longest + "b", 2L), tuple(longest + "a", 1L));
    assertThat(queries().overview(filter(UsageRange.WEEK, null, longest + "b")).requests())
        .isEqualTo(2);
  }

  @Test
  void errors_haveEveryField_whenListed() {
    append(
        event("1").at(LATEST),
        event("2")
            .at("2026-03-10T11:59:59.999999Z")
            .org("org-a")
            .model("m")
            .errorCode("TIMEOUT")
            .status(504)
            .fallbackTo("rules")
            .latency(30_000L)
            .caseId("case-1")
            .traceId("trace-1"));

    CallReport report = queries().errors(all(UsageRange.HOUR), 100);

    assertThat(report)
        .isEqualTo(
            new CallReport(
                List.of(
                    new Call(
                        "2",
                        Instant.parse("2026-03-10T11:59:59.999999Z"),
                        "org-a",
                        "m",
                        "TIMEOUT",
                        504,
                        "rules",
                        30_000L,
                        "case-1",
                        "trace-1")),
                Map.of("TIMEOUT", 1L),
                1));
    assertThat(queries().fallbacks(all(UsageRange.HOUR), 100).newest()).isEqualTo(report.newest());
  }

  @Test
  void errors_countReasonsByCodeThenStatusThenUnknown_whenTheyDiffer() {
    append(
        event("1").status(null),
        event("2").status(500),
        event("3").status(500).errorCode("A"),
        event("4").status(503).errorCode("http_500"),
        event("5").status(null).errorCode("unknown"),
        event("6").status(200).errorCode("no error"),
        event("7").status(199),
        event("8").status(300));

    CallReport report = queries().errors(all(UsageRange.WEEK), 100);

    assertThat(report.total()).isEqualTo(7);
    assertThat(report.reasons().entrySet())
        .containsExactly(
            entry("http_500", 2L),
            entry("unknown", 2L),
            entry("A", 1L),
            entry("http_199", 1L),
            entry("http_300", 1L));
  }

  @Test
  void reports_listTheNewestAndCountTheWindow_whenTheLimitIsSmaller() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      events.add(failed("e-" + i).at(NOW.minusSeconds(10_000L * i)).errorCode("E" + i % 2).build());
    }
    append(events);

    CallReport errors = queries().errors(all(UsageRange.WEEK), 2);
    CallReport fallbacks = queries().fallbacks(all(UsageRange.WEEK), 1);

    assertThat(errors.newest()).extracting(Call::eventId).containsExactly("e-0", "e-1");
    assertThat(errors.total()).isEqualTo(50);
    assertThat(errors.reasons().entrySet()).containsExactly(entry("E0", 25L), entry("E1", 25L));
    assertThat(fallbacks.newest()).extracting(Call::eventId).containsExactly("e-0");
    assertThat(fallbacks.reasons()).containsOnly(entry("rules", 50L));
    assertThat(fallbacks.total()).isEqualTo(50);
  }

  @Test
  void reports_orderByTimeThenIdThenOrganisation_whenTimestampsTie() {
    append(
        failed("b").at(LATEST),
        failed("🙂").at(LATEST),
        failed("\uff5e").at(LATEST),
        failed("a").at(LATEST).org("🙂"),
        failed("a").at(LATEST).org("\uff5e"),
        failed("a").at(LATEST).org("Z"),
        failed("a").at(LATEST),
        failed("z").at(LATEST.plusNanos(1_000)));

    for (CallReport report :
        List.of(
            queries().errors(all(UsageRange.HOUR), 100),
            queries().fallbacks(all(UsageRange.HOUR), 100))) {
      assertThat(report.newest())
          .extracting(call -> call.eventId() + " " + call.orgId())
          .containsExactly(
              "z null", "a null", "a Z", "a \uff5e", "a 🙂", "b null", "\uff5e null", "🙂 null");
    }
    assertThat(queries().errors(all(UsageRange.HOUR), 3).newest())
        .extracting(Call::orgId)
        .containsExactly(null, null, "Z");
  }

  @Test
  void reports_keepScopeModelAndWindow_whenOthersFailToo() {
    append(
        failed("mine").at(LATEST).org("org-a").model("m"),
        failed("other model").at(LATEST).org("org-a").model("n").errorCode("X"),
        failed("no model").at(LATEST).org("org-a").errorCode("X"),
        failed("other org").at(LATEST).org("org-b").model("m").errorCode("X"),
        failed("no org").at(LATEST).model("m").errorCode("X"),
        failed("too new").at(NOW.plusNanos(1_000)).org("org-a").model("m").errorCode("X"),
        failed("too old").at("2026-03-10T10:59:59.999999Z").org("org-a").model("m").errorCode("X"));

    UsageFilter filter = filter(UsageRange.HOUR, "org-a", "m");
    assertThat(queries().errors(filter, 100).newest())
        .extracting(Call::eventId)
        .containsExactly("mine");
    assertThat(queries().errors(filter, 100).reasons()).containsOnly(entry("http_500", 1L));
    assertThat(queries().fallbacks(filter, 100).newest())
        .extracting(Call::eventId)
        .containsExactly("mine");
    assertThat(queries().fallbacks(filter, 100).total()).isEqualTo(1);
  }

  @Test
  void reports_areEmpty_whenNothingFailed() {
    append(event("1").at(LATEST));

    assertThat(queries().errors(all(UsageRange.WEEK), 100))
        .isEqualTo(new CallReport(List.of(), Map.of(), 0));
    assertThat(queries().fallbacks(all(UsageRange.WEEK), 100))
        .isEqualTo(new CallReport(List.of(), Map.of(), 0));
  }

  private static EventBuilder failed(String eventId) {
    return event(eventId).status(500).fallbackTo("rules");
  }
}
