package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.RequestBodies;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import ai.pediscreen.telemetry.server.otlp.DataPoints;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpAnswers;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpBody;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpEncoding;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpSignal;
import ai.pediscreen.telemetry.server.otlp.wire.UnreadableOtlpException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.EOFException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * {@code POST /v1/traces}, {@code /v1/logs} and {@code /v1/metrics}: OTLP over HTTP. Calls become
 * events and are stored as those of {@code POST /events} are; metrics are counted and dropped.
 */
public final class OtlpRoutes {

  public static final String TRACES = "/v1/traces";
  public static final String LOGS = "/v1/logs";
  public static final String METRICS = "/v1/metrics";

  private static final Set<String> PATHS = Set.of(TRACES, LOGS, METRICS);

  /** As in a batch of events. */
  private static final int MAX_CALLS = 10_000;

  private static final String RETRY_AFTER = "Retry-After";

  private final IngestRequests requests;
  private final RequestBodies bodies;
  private final PhiGuard guard;
  private final boolean keepsContent;
  private final TelemetryMetrics metrics;

  /**
   * @param bodies reads those of metrics
   * @param guard what every event must pass
   * @param keepsContent whether messages and prompts are kept
   * @param metrics counts what is ignored and refused
   */
  public OtlpRoutes(
      IngestRequests requests,
      RequestBodies bodies,
      PhiGuard guard,
      boolean keepsContent,
      TelemetryMetrics metrics) {
    this.requests = requests;
    this.bodies = bodies;
    this.guard = guard;
    this.keepsContent = keepsContent;
    this.metrics = metrics;
  }

  public void traces(Context ctx) {
    calls(ctx, OtlpSignal.TRACES);
  }

  public void logs(Context ctx) {
    calls(ctx, OtlpSignal.LOGS);
  }

  public void metrics(Context ctx) throws EOFException {
    OtlpEncoding encoding = encoding(ctx);
    try (BodyBudget.Lease lease = bodies.lease()) {
      OtlpBody body = body(OtlpSignal.METRICS, encoding, bodies.read(ctx, lease));
      long points = 0;
      long unreadable = 0;
      for (int i = 0; i < body.records(); i++) {
        if (body.record(i) instanceof Metric metric) {
          points += DataPoints.count(metric);
        } else {
          unreadable++;
        }
      }
      metrics.ignored(OtlpSignal.METRICS.label(), "data_point", points);
      metrics.ignored(OtlpSignal.METRICS.label(), "unreadable", unreadable);
      long rejected = points + unreadable;
      answer(
          ctx,
          encoding,
          rejected == 0
              ? OtlpAnswers.success(encoding)
              : OtlpAnswers.partialSuccess(
                  OtlpSignal.METRICS,
                  encoding,
                  rejected,
                  "metrics are not stored here: figures are computed from spans; set"
                      + " OTEL_METRICS_EXPORTER=none"));
    }
  }

  private void calls(Context ctx, OtlpSignal signal) {
    OtlpEncoding encoding = encoding(ctx);
    requests.begin(ctx, body -> append(ctx, signal, encoding, body));
  }

  /** Completes when the answer is there, with whether the store has answered. */
  private CompletableFuture<Boolean> append(
      Context ctx, OtlpSignal signal, OtlpEncoding encoding, BodyBytes bytes) {
    OtlpBatch calls = calls(ctx, signal, encoding, bytes);
    requests.count(ctx, calls.size());
    requireFewCalls(calls);
    return requests.append(ctx, calls, () -> answer(ctx, signal, encoding, calls));
  }

  /** Nothing is stored before it is known that there are not too many. */
  private void requireFewCalls(OtlpBatch calls) {
    if (calls.size() <= MAX_CALLS) {
      return;
    }
    try (BodyBudget.Lease lease = requests.decodedLease()) {
      // One at a time is decoded.
      lease.take(IntStream.range(0, calls.size()).mapToLong(calls::cost).max().orElse(0));
      if (calls.hasMoreCallsThan(MAX_CALLS)) {
        throw Problem.of(
                413, "TOO_MANY_EVENTS", "a request must have at most " + MAX_CALLS + " calls")
            .exception();
      }
    }
  }

  /** The form in which a request to these routes is answered, whatever befalls it. */
  public static Optional<OtlpEncoding> answerEncoding(Context ctx) {
    return HandlerType.POST.equals(ctx.method()) && PATHS.contains(ctx.path())
        ? Optional.of(OtlpEncoding.of(ctx.header("Content-Type")).orElse(OtlpEncoding.JSON))
        : Optional.empty();
  }

  /** Answers why a request failed, with a status that makes the sender retry if that may help. */
  public static void write(Context ctx, OtlpEncoding encoding, Problem problem) {
    problem.headers().forEach(ctx::header);
    int status = problem.status();
    if (status == 408) {
      // Senders do not retry after 408, though the connection was just slow.
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
      throw invalidBody(e);
    }
  }

  private OtlpBatch calls(Context ctx, OtlpSignal signal, OtlpEncoding encoding, BodyBytes bytes) {
    try {
      return new OtlpBatch(signal, encoding, bytes, Caller.of(ctx), guard, keepsContent);
    } catch (UnreadableOtlpException e) {
      throw invalidBody(e);
    }
  }

  private static ProblemException invalidBody(UnreadableOtlpException e) {
    return Problem.of(400, "INVALID_BODY", String.valueOf(e.getMessage())).exception();
  }

  private void answer(Context ctx, OtlpSignal signal, OtlpEncoding encoding, OtlpBatch calls) {
    calls.tell((kind, count) -> metrics.ignored(signal.label(), kind, count), metrics::refused);
    answer(
        ctx,
        encoding,
        calls.refused() == 0
            ? OtlpAnswers.success(encoding)
            : OtlpAnswers.partialSuccess(signal, encoding, calls.refused(), calls.message()));
  }

  private static void answer(Context ctx, OtlpEncoding encoding, byte[] body) {
    ctx.status(200).contentType(encoding.contentType()).result(body);
  }
}
