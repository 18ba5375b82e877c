package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.audit.AuditBlockedException;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.job.JobQueueUnavailableException;
import ai.pediscreen.telemetry.server.http.ingest.OtlpRoutes;
import ai.pediscreen.telemetry.server.http.protocol.BusyException;
import ai.pediscreen.telemetry.server.http.protocol.FailureLog;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.RetryAfter;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpEncoding;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a failure becomes a status and a body: always a {@link Problem}, whether a
 * route threw, the router found nothing, or the server could not even read the request. The routes
 * of OpenTelemetry answer in its own form.
 */
final class ErrorAnswers {

  private final InstantSource clock;
  private final RetryAfter retryAfter = new RetryAfter(System::nanoTime);

  ErrorAnswers(InstantSource clock) {
    this.clock = clock;
  }

  void register(JavalinConfig config) {
    config.routes.exception(ProblemException.class, (e, ctx) -> write(ctx, e.problem()));
    config.routes.exception(
        AuditBlockedException.class,
        (e, ctx) -> write(ctx, Problem.auditBlocked(retryAfter.seconds())));
    config.routes.exception(
        StoreUnavailableException.class,
        (e, ctx) -> write(ctx, Problem.storeUnavailable(retryAfter.seconds())));
    config.routes.exception(
        BusyException.class,
        (e, ctx) -> write(ctx, Problem.busy(String.valueOf(e.getMessage()), retryAfter.seconds())));
    config.routes.exception(
        JobQueueUnavailableException.class, (e, ctx) -> write(ctx, Problem.jobsUnavailable()));
    config.routes.exception(HttpResponseException.class, (e, ctx) -> write(ctx, routing(e)));
    config.routes.exception(
        Exception.class,
        (e, ctx) -> {
          Problem problem = unreadableRequest(e);
          if (problem == null) {
            FailureLog.unexpected(TraceId.of(ctx), e);
            problem = internal();
          }
          write(ctx, problem);
        });
    config.router.javaLangErrorHandler(this::writeFatal);
    config.jetty.modifyServer(server -> server.setErrorHandler(jettyErrors()));
    config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(jettyErrors()));
  }

  private void write(Context ctx, Problem problem) {
    Optional<OtlpEncoding> otlp = OtlpRoutes.answerEncoding(ctx);
    if (otlp.isPresent()) {
      OtlpRoutes.write(ctx, otlp.get(), problem);
      return;
    }
    problem.headers().forEach(ctx::header);
    ctx.status(problem.status())
        .contentType(Problem.CONTENT_TYPE)
        .result(problem.toJson(TraceId.of(ctx), clock.instant()));
  }

  /** The router's own refusals: no such path, or not with this method. */
  private static Problem routing(HttpResponseException e) {
    String allowed = e.getDetails().get("availableMethods");
    if (allowed == null) {
      allowed = e.getDetails().get("Available methods");
    }
    if (allowed != null) {
      return methodNotAllowed(allowed);
    }
    return forStatus(e.getStatus());
  }

  static Problem methodNotAllowed(String allowed) {
    return new Problem(
        HttpStatus.METHOD_NOT_ALLOWED.getCode(),
        "METHOD_NOT_ALLOWED",
        "this path answers only " + allowed,
        List.of(),
        Map.of("Allow", allowed));
  }

  /** A problem that has no more to say than its status. */
  private static Problem forStatus(int status) {
    if (status == HttpStatus.NOT_FOUND.getCode()) {
      return Problem.of(status, "NOT_FOUND", "there is nothing at this path");
    }
    if (status == HttpStatus.SERVICE_UNAVAILABLE.getCode()) {
      return Problem.busy("the service has too much to do, or is shutting down");
    }
    if (status == HttpStatus.INTERNAL_SERVER_ERROR.getCode()) {
      return internal();
    }
    String phrase = HttpStatus.forStatus(status).getMessage();
    return Problem.of(
        status,
        phrase.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]+", "_"),
        "the request cannot be served: " + phrase.toLowerCase(Locale.ROOT));
  }

  private static Problem internal() {
    return Problem.of(
        HttpStatus.INTERNAL_SERVER_ERROR.getCode(),
        "INTERNAL_ERROR",
        "internal error; the server's log has it under this trace_id");
  }

  /** Jetty's word for a request that breaks HTTP itself; null for anything else. */
  private static @Nullable Problem unreadableRequest(Throwable failure) {
    return failure instanceof HttpException http && http.getCode() < 500
        ? forStatus(http.getCode())
        : null;
  }

  /** An {@link Error}: there may be little left to work with, so no framework takes part. */
  private void writeFatal(HttpServletResponse response, Error error) {
    String traceId =
        Objects.requireNonNullElseGet(
            response.getHeader(TraceId.HEADER), () -> TraceId.of(name -> null));
    FailureLog.unexpected(traceId, error);
    try {
      Problem problem = internal();
      response.setStatus(problem.status());
      response.setContentType(Problem.CONTENT_TYPE);
      response.getOutputStream().write(problem.toJson(traceId, clock.instant()));
    } catch (IOException e) {
      // The caller is gone; what failed was logged above.
      return;
    }
  }

  /** Answers what never reaches a route, such as a request line or header that is no HTTP. */
  private ErrorHandler jettyErrors() {
    return new ErrorHandler() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        Object cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        Problem problem =
            forStatus(cause instanceof HttpException http ? http.getCode() : response.getStatus());
        String traceId =
            request.getAttribute(TraceId.ATTRIBUTE) instanceof String known
                ? known
                : TraceId.of(request.getHeaders()::get);
        if (problem.equals(internal()) && cause instanceof Throwable failure) {
          FailureLog.unexpected(traceId, failure);
        }
        byte[] body = problem.toJson(traceId, clock.instant());
        response.setStatus(problem.status());
        SecurityHeaders.assign(response.getHeaders());
        problem.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(TraceId.HEADER, traceId);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
      }
    };
  }
}
