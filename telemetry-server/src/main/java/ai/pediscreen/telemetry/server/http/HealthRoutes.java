package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import ai.pediscreen.telemetry.server.logging.TraceContext;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /health}, {@code /livez} and {@code /readyz}.
 *
 * <p>Readiness is asked on a thread of its own, one call at a time: requests that come while a
 * check is under way wait for the same one, and none longer than its deadline.
 */
final class HealthRoutes implements AutoCloseable {

  static final String HEALTH = "/health";
  static final String LIVE = "/livez";
  static final String READY = "/readyz";
  static final Set<String> PATHS = Set.of(HEALTH, LIVE, READY);

  private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);
  private static final long CHECK_DEADLINE_MILLIS = 1_500;

  private final String appName;
  private final Readiness readiness;
  private final Executor executor;
  private final ExecutorService checker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "readiness");
            // A check that hangs must not keep the process alive.
            thread.setDaemon(true);
            return thread;
          });

  // Guarded by this.
  private CompletableFuture<List<String>> check = CompletableFuture.completedFuture(List.of());

  HealthRoutes(String appName, Readiness readiness, Executor executor) {
    this.appName = appName;
    this.readiness = readiness;
    this.executor = executor;
  }

  void health(Context ctx) {
    answer(ctx, AnswerJson.object().put("status", "ok").put("app", appName));
  }

  void live(Context ctx) {
    answer(ctx, AnswerJson.object().put("status", "ok"));
  }

  void ready(Context ctx) {
    CompletableFuture<Void> answered =
        check()
            .copy()
            .completeOnTimeout(
                List.of("the store did not answer within " + CHECK_DEADLINE_MILLIS + " ms"),
                CHECK_DEADLINE_MILLIS,
                TimeUnit.MILLISECONDS)
            .thenAcceptAsync(
                reasons -> answer(ctx, reasons), TraceContext.executor(TraceId.of(ctx), executor));
    ctx.future(() -> answered);
  }

  /** The check under way, or a new one. */
  private synchronized CompletableFuture<List<String>> check() {
    if (check.isDone()) {
      check = CompletableFuture.supplyAsync(this::reasons, checker);
    }
    return check;
  }

  private List<String> reasons() {
    try {
      return readiness.reasons();
    } catch (RuntimeException e) {
      LOG.error("the readiness check failed", e);
      return List.of("the readiness check failed; see the server's log");
    }
  }

  private static void answer(Context ctx, List<String> reasons) {
    ObjectNode json = AnswerJson.object();
    if (reasons.isEmpty()) {
      answer(ctx, json.put("status", "ready"));
      return;
    }
    json.put("status", "unavailable");
    ArrayNode list = json.putArray("reasons");
    reasons.forEach(list::add);
    ctx.status(503);
    answer(ctx, json);
  }

  private static void answer(Context ctx, ObjectNode json) {
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }

  @Override
  public void close() {
    checker.shutdownNow();
  }
}
