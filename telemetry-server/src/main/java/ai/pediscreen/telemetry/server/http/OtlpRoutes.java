package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.GroupCommitter;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import ai.pediscreen.telemetry.server.otlp.DataPoints;
import ai.pediscreen.telemetry.server.otlp.OtlpAnswers;
import ai.pediscreen.telemetry.server.otlp.OtlpBody;
import ai.pediscreen.telemetry.server.otlp.OtlpEncoding;
import ai.pediscreen.telemetry.server.otlp.OtlpSignal;
import ai.pediscreen.telemetry.server.otlp.UnreadableOtlpException;
import com.google.protobuf.Message;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * {@code POST /v1/traces}, {@code /v1/logs} and {@code /v1/metrics}: OTLP over HTTP. Calls become
 * events and are stored as those of {@code POST /events} are; metrics are counted and dropped.
 */
final class OtlpRoutes {

  static final String TRACES = "/v1/traces";
  static final String LOGS = "/v1/logs";
  static final String METRICS = "/v1/metrics";

  private static final Set<String> PATHS = Set.of(TRACES, LOGS, METRICS);

  /** As in a batch of events. */
  private static final int MAX_CALLS = 10_000;

  /** A batch is read in parts, so that the first is stored while the next is read. */
  private static final int PART_EVENTS = 125;

  private static final String RETRY_AFTER = "Retry-After";

  private final GroupCommitter committer;
  private final PhiGuard guard;
  private final boolean keepsContent;
  private final RequestBodies bodies;
  private final SenderLimits limits;
  private final Executor executor;
  private final TelemetryMetrics metrics;

  /**
   * @param guard what every event must pass
   * @param keepsContent whether messages and prompts are kept
   * @param limits how much each may send
   * @param executor runs what is left to do when events are durable
   * @param metrics hears what is ignored and refused
   */
  OtlpRoutes(
      GroupCommitter committer,
      PhiGuard guard,
      boolean keepsContent,
      RequestBodies bodies,
      SenderLimits limits,
      Executor executor,
      TelemetryMetrics metrics) {
    this.committer = committer;
    this.guard = guard;
    this.keepsContent = keepsContent;
    this.bodies = bodies;
    this.limits = limits;
    this.executor = executor;
    this.metrics = metrics;
  }

  void traces(Context ctx) {
    calls(ctx, OtlpSignal.TRACES);
  }

  void logs(Context ctx) {
    calls(ctx, OtlpSignal.LOGS);
  }

  void metrics(Context ctx) throws EOFException {
    OtlpEncoding encoding = encoding(ctx);
    try (BodyBudget.Lease lease = bodies.lease()) {
      DroppedMetrics dropped = new DroppedMetrics();
      body(OtlpSignal.METRICS, encoding, bodies.read(ctx, lease)).forEach(dropped);
      metrics.ignored(OtlpSignal.METRICS.label(), "data_point", dropped.points);
      metrics.ignored(OtlpSignal.METRICS.label(), "unreadable", dropped.unreadable);
      long rejected = dropped.points + dropped.unreadable;
      answer(
          ctx,
          encoding,
          rejected == 0
              ? OtlpAnswers.success(encoding)
              : OtlpAnswers.partialSuccess(
                  OtlpSignal.METRICS,
                  encoding,
                  rejected,
                  "metrics are not kept here: the figures are made of spans; set"
                      + " OTEL_METRICS_EXPORTER=none"));
    }
  }

  private void calls(Context ctx, OtlpSignal signal) {
    limits.requireRoom(ctx);
    OtlpEncoding encoding = encoding(ctx);
    bodies.whenRead(ctx, executor, body -> append(ctx, signal, encoding, body));
  }

  /** Completes when the answer is there. */
  private CompletableFuture<Void> append(
      Context ctx, OtlpSignal signal, OtlpEncoding encoding, BodyBytes bytes) {
    OtlpBody body = body(signal, encoding, bytes);
    limits.used(ctx, body.records());
    Parts parts = new Parts(body.records() <= MAX_CALLS);
    OtlpOutcome outcome = new OtlpOutcome(signal, Caller.of(ctx), guard, keepsContent, parts::add);
    try {
      body.forEach(outcome);
      parts.end();
    } catch (RuntimeException e) {
      parts.cancel();
      throw e;
    }
    outcome.tell(
        (kind, count) -> metrics.ignored(signal.label(), kind, count),
        (errorCode, count) -> metrics.refused(errorCode, count));
    if (parts.sent.isEmpty()) {
      answer(ctx, signal, encoding, outcome);
      return CompletableFuture.completedFuture(null);
    }
    return CommitAnswers.after(
            ctx,
            executor,
            parts.receipts(),
            receipts -> {
              outcome.stored(receipts);
              answer(ctx, signal, encoding, outcome);
            })
        // What still waits in the queue after a failure is taken out: it is sent again.
        .whenComplete((nothing, failure) -> parts.cancel());
  }

  /** The form in which a request to these routes is answered, whatever befalls it. */
  static Optional<OtlpEncoding> answerEncoding(Context ctx) {
    return HandlerType.POST.equals(ctx.method()) && PATHS.contains(ctx.path())
        ? Optional.of(OtlpEncoding.of(ctx.header("Content-Type")).orElse(OtlpEncoding.JSON))
        : Optional.empty();
  }

  /** Tells a sender why its request failed, in a way that has it come again if that may help. */
  static void write(Context ctx, OtlpEncoding encoding, Problem problem) {
    problem.headers().forEach(ctx::header);
    int status = problem.status();
    if (status == 408) {
      // Senders do not come again after 408, though the line was just slow.
      status = 503;
      ctx.header(RETRY_AFTER, "1");
    }
    ctx.status(status)
        .contentType(encoding.contentType())
        .result(OtlpAnswers.failure(encoding, status, problem.message()));
  }

  private static OtlpEncoding encoding(Context ctx) {
    return OtlpEncoding.of(ctx.header("Content-Type"))
        .orElseThrow(
            () ->
                Problem.of(
                        415,
                        "UNSUPPORTED_MEDIA_TYPE",
                        "the body must be application/x-protobuf or application/json")
                    .exception());
  }

  private static OtlpBody body(OtlpSignal signal, OtlpEncoding encoding, BodyBytes bytes) {
    try {
      return OtlpBody.read(signal, encoding, bytes.array(), bytes.length());
    } catch (UnreadableOtlpException e) {
      throw Problem.of(400, "INVALID_BODY", String.valueOf(e.getMessage())).exception();
    }
  }

  private static void answer(
      Context ctx, OtlpSignal signal, OtlpEncoding encoding, OtlpOutcome outcome) {
    answer(
        ctx,
        encoding,
        outcome.refused() == 0
            ? OtlpAnswers.success(encoding)
            : OtlpAnswers.partialSuccess(signal, encoding, outcome.refused(), outcome.message()));
  }

  private static void answer(Context ctx, OtlpEncoding encoding, byte[] body) {
    ctx.status(200).contentType(encoding.contentType()).result(body);
  }

  /**
   * Hands events to the committer in parts; none before it is known that there are not too many.
   */
  private final class Parts {
    private final boolean atOnce;
    private final List<CompletableFuture<List<Receipt>>> sent = new ArrayList<>();
    private List<ScopedEvent> waiting = new ArrayList<>();

    Parts(boolean atOnce) {
      this.atOnce = atOnce;
    }

    void add(ScopedEvent event) {
      waiting.add(event);
      if (waiting.size() > MAX_CALLS) {
        throw Problem.of(
                413, "TOO_MANY_EVENTS", "a request must have at most " + MAX_CALLS + " calls")
            .exception();
      }
      if (atOnce && waiting.size() == PART_EVENTS) {
        send(waiting);
        waiting = new ArrayList<>();
      }
    }

    void end() {
      for (int from = 0; from < waiting.size(); from += PART_EVENTS) {
        send(List.copyOf(waiting.subList(from, Math.min(from + PART_EVENTS, waiting.size()))));
      }
    }

    /** Those of all parts, in their order. */
    CompletableFuture<List<Receipt>> receipts() {
      return CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0]))
          .thenApply(nothing -> sent.stream().flatMap(part -> part.join().stream()).toList());
    }

    void cancel() {
      sent.forEach(part -> part.cancel(false));
    }

    private void send(List<ScopedEvent> events) {
      sent.add(committer.append(events));
    }
  }

  private static final class DroppedMetrics implements OtlpBody.Visitor {
    private long points;
    private long unreadable;

    @Override
    public void record(Resource resource, Message record) {
      points += DataPoints.count((Metric) record);
    }

    @Override
    public void unreadable() {
      unreadable++;
    }
  }
}
